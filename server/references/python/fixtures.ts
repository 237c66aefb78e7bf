// Python fixtures: functions that pytest calls for the parameters of tests, as names that are bound to them.
import type { Argument, Expression, Span } from '../expression.ts';
import type { Binding } from '../summary.ts';

const mark = '@fixture ';

/** No name of Python. */
export function fixtureBinding(name: string): string {
  return `${mark}${name}`;
}

/** The fixture that is asked for by such a name; undefined for any other name. */
export function fixtureAskedFor(name: string): string | undefined {
  return name.startsWith(mark) ? name.slice(mark.length) : undefined;
}

/** Those that pytest and its most used plugins bring along carry no names (pytest 8, read 2026-11). */
const builtIn = new Set(
  `self cls request monkeypatch tmp_path tmp_path_factory tmpdir tmpdir_factory caplog capsys capfd capsysbinary recwarn
  pytestconfig cache doctest_namespace record_property mocker benchmark event_loop subtests`.split(/\s+/),
);

/** Whether pytest calls a function of this name (pytest's `python_functions`, as it is when nobody sets it). */
export function isTest(name: string): boolean {
  return name.startsWith('test');
}

/** `@pytest.fixture(name="client")`: decides by the last name, as `pytest_asyncio` has one too. */
export function isFixture(decorator: string): boolean {
  const [dotted = ''] = decorator.slice(1).split('(', 1);
  const last = dotted.slice(dotted.lastIndexOf('.') + 1).trim();
  return last === 'fixture' || last === 'yield_fixture';
}

/** Binds the name that tests ask for to the function. */
export function fixtureMade(args: readonly Argument[], called: string, at: Span): Binding {
  const given = args.find(({ keyword }) => keyword === 'name')?.value;
  const value: Expression = { is: 'name', name: called, at };
  return { name: fixtureBinding(given?.is === 'text' ? given.value : called), sort: 'assigned', value };
}

/** What a parameter without a default is worth: the fixture of its name, else what it is declared as. */
export function askedFor(name: string, declared: Expression | undefined, at: Span): Expression | undefined {
  if (builtIn.has(name)) return declared;
  const fixture: Expression = { is: 'name', name: fixtureBinding(name), at };
  return declared ? { is: 'choice', options: [fixture, declared], at } : fixture;
}
