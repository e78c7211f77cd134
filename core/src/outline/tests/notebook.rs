use super::{Lang::Notebook, expect};

#[test]
fn definitions() {
    expect(
        Notebook,
        r###"
{
 "cells": [
  {
   "cell_type": "markdown",
   "metadata": {},
   "source": [
    "# Title\n",
    "text\n",
    "## Part"
   ]
  },
  {
   "cell_type": "code",
   "outputs": [
    {
     "text": [
      "# no\n",
      "def no():\n"
     ]
    }
   ],
   "source": [
    "# no\n",
    "class A:\n",
    "    def b(self, x=\"y\"):\n",
    "        return 1\n",
    "def c():\n",
    "    pass"
   ]
  },
  {
   "cell_type": "markdown",
   "source": [
    "## Other `x`\n"
   ]
  }
 ]
}
"###,
        &[
            "7 section Title",
            "  9 section Part",
            "    24 class A",
            "      25 method b",
            "    27 function c",
            "  34 section Other `x`",
        ],
    );
}
