use super::{Lang::Php, expect, expect_span, expect_uses};

#[test]
fn types_and_their_members() {
    expect(
        Php,
        r##"
<p>Don't { function no() {} }</p>
<?php
namespace App\Models;
use App\{A, B};
# function no() {
#[Attribute(Attribute::TARGET_CLASS)]
abstract class User extends Model implements \JsonSerializable
{
    use HasFactory;
    const MAX = 3;
    private array $items = ['a' => 1, "b" => "{$this->x["}"]} }"];
    public function __construct(private readonly int $id = 0) { parent::__construct(); }
    abstract protected function name(): ?string;
    final public static function &make(array $a = []): static {
        $f = function ($x) use ($a) { return $x; };
        $g = fn ($x) => $x + 1;
        $o = new class($a) extends Base { public function run() {} };
        if ($a) { foo($a); } elseif ($b) { bar(); }
        $text = <<<HTML
            } function no() { {$a->b}
            HTML . "}";
        $raw = <<<'X'
function no() {
X;
        return $this->match(User::class);
    }
}
interface Named { public function name(): string; }
trait Helps { function help() {} }
enum Suit: string { case Hearts = 'H'; public function label(): string { return ''; } }
function helper() { function inner() {} } // ?> <b>{</b> <?php
?>
<script>function no() { }</script>
<?= helper() ?>
<?php if (true): ?> { <?php endif;
function last() {}
"##,
        &[
            "7 class User",
            "  12 method __construct",
            "  13 method name",
            "  14 method make",
            "    17 function run",
            "28 interface Named",
            "  28 method name",
            "29 trait Helps",
            "  29 method help",
            "30 enum Suit",
            "  30 method label",
            "31 function helper",
            "  31 function inner",
            "36 function last",
        ],
    );
    expect(
        Php,
        "\n<?php\nnamespace A\\B { class C {} }\nnamespace { function d() {} }\n",
        &["2 module A\\B", "  2 class C", "3 function d"],
    );
}

#[test]
fn spans() {
    let text = "<?php\nclass A {\n    /**\n     * Doc.\n     */\n    #[Pure]\n    public function b(\n        int $c,\n    ): int {\n        return 1;\n    }\n}\n";
    expect_span(
        Php,
        text,
        "b",
        "    /**\n     * Doc.\n     */\n    #[Pure]\n    public function b(\n        int $c,\n    ): int {\n        return 1;\n    }",
    );
}

#[test]
fn imports_and_calls() {
    expect_uses(
        Php,
        "\n<?php\nuse A\\B as C;\nrequire 'x.php';\nfunction f() { if ($a) { $this->g(h($b)); new I(1); J::k(); isset($l); } }\n",
        &["2 import A\\B as C", "3 import 'x.php'", "4 call g", "4 call h", "4 call I", "4 call k"],
    );
}

#[test]
fn blanks_may_stand_before_a_documents_word() {
    expect(
        Php,
        r#"<?php
class U {
  static function a() { throw new E(
    <<< EOT
the system's {
EOT
  ); }
  static function b() { return <<< 'X'
it's {
X; }
  static function c() { }
}
"#,
        &["1 class U", "  2 method a", "  7 method b", "  10 method c"],
    );
}
