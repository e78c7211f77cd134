use super::{Lang::Clojure, expect, expect_span};

#[test]
fn definitions() {
    expect(
        Clojure,
        r###"
(ns app.core
  (:require [clojure.string :as str]))

;; Adds.
(defn add
  "Doc (defn no)"
  [a b]
  (+ a b))
(defn- ^:private hidden [x] x)
(def ^{:doc "x"} limit 10)
(defmacro unless [c & body] `(if ~c nil (do ~@body)))
(defprotocol Store
  (put [this k]))
(defrecord Memory [m]
  Store
  (put [this k] k))
(defmethod area :square [s] s)
(define x)
(comment (defn no []))
"###,
        &[
            "1 module app.core",
            "5 function add",
            "9 function hidden",
            "10 variable limit",
            "11 macro unless",
            "12 interface Store",
            "14 struct Memory",
            "17 function area",
        ],
    );
}

#[test]
fn spans() {
    let text = "\n;; Doc.\n(defn a [x]\n  x)\n\n(println 1)\n";
    expect_span(Clojure, text, "a", ";; Doc.\n(defn a [x]\n  x)");
}
