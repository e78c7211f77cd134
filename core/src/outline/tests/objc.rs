use super::{Lang::ObjectiveC, expect, expect_span, expect_uses};

#[test]
fn definitions() {
    expect(
        ObjectiveC,
        r#"
#import <Foundation/Foundation.h>
#define MAX 4
@class Later, Other;
@protocol Forward;
NS_ASSUME_NONNULL_BEGIN

@protocol Drawing <NSObject>
@required
- (void)drawIn:(CGRect)rect;
@end

@interface Shape : NSObject <Drawing> {
    int x;
}
@property (nonatomic, copy) NSArray<NSString *> *names;
@property(readonly) int (^block)(int);
- (instancetype)initWithName:(NSString *)name;
@end

@interface Shape (Private)
@end

@implementation Shape
@synthesize names = _names;

static int helper(int a) { return a; }

- (instancetype)initWithName:(NSString *)name
                        size:(int)size
{
    if (self = [super init]) {
        _names = @[@"}", @{@"a": @1}];
        dispatch_async(q, ^{ [self draw]; });
    }
    @try { } @finally { }
    return x - y;
}

+ (void)shared { }
- (BOOL) isEmpty{
    return NO;
}
@end

struct point { int x; };
int main(int argc, char **argv) { @autoreleasepool { } return 0; }
@implementation Unended
- (void)one { }
@implementation Last
- (void)two { }
"#,
        &[
            "2 macro MAX",
            "7 interface Drawing",
            "  9 method drawIn",
            "12 class Shape",
            "  15 property names",
            "  16 property block",
            "20 impl Shape",
            "23 impl Shape",
            "  26 function helper",
            "  28 method initWithName",
            "  39 method shared",
            "  40 method isEmpty",
            "45 struct point",
            "46 function main",
            "47 impl Unended",
            "  48 method one",
            "49 impl Last",
            "  50 method two",
        ],
    );
}

#[test]
fn spans_and_uses() {
    let text = "// Doc.\n@implementation A\n/** B. */\n- (void)b { c(); }\n@end\n";
    expect_span(ObjectiveC, text, "A", text.trim_end());
    expect_span(ObjectiveC, text, "b", "/** B. */\n- (void)b { c(); }");
    expect_uses(
        ObjectiveC,
        "#import \"a.h\"\nint f(void) { g(@\"h(\"); }\n",
        &["0 import \"a.h\"", "1 call g"],
    );
}

#[test]
fn a_method_in_the_first_column_is_in_no_block() {
    expect(
        ObjectiveC,
        "\n@implementation A\n- (void)a { b(@\"x); }\n- (void)c { if (d) {\n@end\nint e(void) { }\n",
        &["1 impl A", "  2 method a", "  3 method c", "5 function e"],
    );
}

#[test]
fn a_part_is_named_on_its_line() {
    expect(
        ObjectiveC,
        "@interface //A : C {\n  int d;\n}\n@end\n;\nint e(void) { }\n",
        &["5 function e"],
    );
}
