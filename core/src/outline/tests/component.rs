use super::{Lang::Vue, expect};

#[test]
fn definitions() {
    expect(
        Vue,
        r###"
<script setup lang="ts">
import { ref } from 'vue'
interface Props { a: string }
const run = (x: number) => {
  return x
}
</script>

<template>
  <h1 @click="function no() {}">{{ a }}</h1>
</template>

<script>
export function load() {}
"###,
        &["3 interface Props", "4 function run", "14 function load"],
    );
}

#[test]
fn svelte() {
    expect(
        super::Lang::Svelte,
        "\n<script>\nexport function a() {}\n</script>\n<p>x</p>\n<style>\np { }\n</style>\n",
        &["2 function a"],
    );
}
