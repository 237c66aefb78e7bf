// Modern Python: syntax of 3.8 to 3.14 and of notebooks, each with calls that a reader has to find.

export interface Construct {
  readonly name: string;
  readonly text: string;
  /** Calls of `probe` in it. */
  readonly probes: number;
}

const construct = (name: string, text: string): Construct => ({
  name,
  text: `${text}\nprobe("after")\n`,
  probes: text.split('probe(').length,
});

export const constructs: readonly Construct[] = [
  construct('f-string', 'x = f"a{probe("b")}c"'),
  construct('f-string, same quotes inside (3.12)', 'x = f"{probe("a")} {d["k"]}"'),
  construct('f-string in an f-string (3.12)', 'x = f"{f"{probe("a")}"}"'),
  construct('f-string, backslash and line end in a hole (3.12)', 'x = f"{"\\n".join([\n  probe("a"),\n])}"'),
  construct('f-string, format spec with a hole', 'x = f"{probe("a"):>{width}.{digits}}"'),
  construct('f-string, debug sign', 'x = f"{probe("a")=!r}"'),
  construct('f-string, doubled braces', 'x = f"{{{probe("a")}}}"'),
  construct('triple-quoted f-string over lines', 'x = f"""a\n{probe("a")}\n{{b}}\n"""'),
  construct('raw f-string', 'x = rf"\\d{probe("a")}"'),
  construct('t-string (3.14)', 'x = t"a{probe("b")}"'),
  construct(
    'match with guards and classes (3.10)',
    'match x:\n    case {"a": A(b=1)} if probe("a"):\n        probe("b")\n    case [1, *rest] | None:\n        pass',
  ),
  construct('match as a name', 'match = probe("a")\nmatch[0] = 1'),
  construct('except* (3.11)', 'try:\n    probe("a")\nexcept* (A, B) as e:\n    probe("b")'),
  construct('except without brackets (3.14)', 'try:\n    probe("a")\nexcept A, B:\n    probe("b")'),
  construct('type parameters (3.12)', 'def f[T: (int, str), *Ts, **P](x: T) -> T:\n    return probe("a")'),
  construct('class type parameters with defaults (3.13)', 'class A[T = int]:\n    x = probe("a")'),
  construct('type statement (3.12)', 'type Alias[T] = list[T]\nx = probe("a")'),
  construct('type as a name', 'type = probe("a")'),
  construct('walrus', 'if (x := probe("a")) and (y := x):\n    probe("b")'),
  construct('positional-only and keyword-only', 'def f(a, /, b, *, c=probe("a")):\n    pass'),
  construct('with in brackets (3.10)', 'with (\n    probe("a") as a,\n    probe("b") as b,\n):\n    probe("c")'),
  construct('decorator of any expression (3.9)', '@(lambda f: f)\n@probe("a")\ndef f():\n    pass'),
  construct('star in an index (3.11)', 'x = a[*b, probe("a")]'),
  construct('star in return and yield', 'def f():\n    return *a, probe("a")'),
  construct('async comprehension', 'async def f():\n    return [probe("a") async for x in y if await z]'),
  construct('await in an f-string', 'async def f():\n    return f"{await probe("a")}"'),
  construct('lambda with defaults', 'f = lambda a=probe("a"), *b: probe("b")'),
  construct('numbers with marks', 'x = 1_000.5e-3j + 0x_ff + probe("a")'),
  construct('semicolons', 'a = 1; b = probe("a"); probe("b")'),
  construct('line ends behind backslashes', 'x = 1 + \\\n    probe("a")'),
  construct('names of any script', 'größe = probe("a")\n名前 = probe("b")'),
  construct(
    'global, nonlocal, del, assert',
    'def f():\n    global a\n    del a[probe("a")]\n    assert probe("b"), "no"',
  ),
  construct('annotated assignment', 'x: dict[str, list[int]] = probe("a")'),
  construct('conditional import', 'try:\n    import a\nexcept ImportError:\n    a = probe("a")'),
  construct(
    'nested functions and classes',
    'class A:\n    class B:\n        def f(self):\n            def g():\n                return probe("a")',
  ),
  construct('a cell that ends in an expression', 'df = probe("a")\ndf'),
  construct('await at the top of a cell', 'x = await probe("a")'),
  construct('async with at the top of a cell', 'async with probe("a") as x:\n    probe("b")'),
  construct('tabs and blanks mixed', 'if x:\n\tprobe("a")\nif y:\n        probe("b")'),
  construct('a form feed', 'probe("a")\n\f\nprobe("b")'),
];
