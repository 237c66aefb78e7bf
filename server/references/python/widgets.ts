// Widgets: the parameters of a Databricks notebook, with the value that each has when nobody sets it.
import type { Argument, Expression } from '../expression.ts';
import type { Binding } from '../summary.ts';
import { viewMark } from './views.ts';

/** No name of Python or of a table; known at the top of the file, wherever the widget is made. */
export function widgetBinding(name: string): string {
  return `${viewMark}@widget ${name}`;
}

const sorts = new Set(['text', 'dropdown', 'combobox', 'multiselect']);

/** `dbutils.widgets.text("env", "dev", "Environment")` (Databricks' reference of dbutils, 2026-11); undefined for any other call. */
export function widgetMade(callee: Expression, args: readonly Argument[]): Binding | undefined {
  if (callee.is !== 'attribute' || !sorts.has(callee.name)) return undefined;
  if (callee.of.is !== 'attribute' || callee.of.name !== 'widgets') return undefined;
  const given = (key: string, index: number): Expression | undefined =>
    (args.find(({ keyword }) => keyword === key) ?? args.filter(({ keyword }) => keyword === undefined)[index])?.value;
  const name = given('name', 0);
  const value = given('defaultValue', 1);
  if (name?.is !== 'text' || !value) return undefined;
  return { name: widgetBinding(name.value), sort: 'parameter', value };
}
