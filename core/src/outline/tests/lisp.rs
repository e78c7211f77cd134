use super::{Lang::Lisp, expect, expect_span};

#[test]
fn definitions() {
    expect(
        Lisp,
        r###"
;;; a.el --- x
(defun my-run (x)
  "Doc.
(not code"
  (interactive)
  (let ((y 1))
    y))
(define (square x)
  (define (helper y) (* y y))
  (helper x))
(define limit 10)
#|
(defun no ())
|#
(defvar-local my-var nil)
(defmacro with-x (&rest body) `(progn ,@body))
(defpackage #:app (:use :cl))
(defclass point () ((x)))
(cl-defmethod draw ((p point)) p)
(struct posn (x y))
(defun
"###,
        &[
            "2 function my-run",
            "8 function square",
            "  9 function helper",
            "11 function limit",
            "15 variable my-var",
            "16 macro with-x",
            "17 module app",
            "18 class point",
            "19 function draw",
            "20 struct posn",
        ],
    );
}

#[test]
fn spans() {
    let text = "\n;; Doc.\n(defun a (x)\n  \"Text\nat the margin.\"\n  x)\n\n(b)\n";
    expect_span(Lisp, text, "a", ";; Doc.\n(defun a (x)\n  \"Text\nat the margin.\"\n  x)");
}
