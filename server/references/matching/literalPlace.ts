// Literal place: where the text stands that a constant gives to a name, through the imports that bring it.

import type { Range } from '../../syntax/text.ts';
import type { Modules } from '../evaluation/evaluating.ts';

const mostHops = 8;

export interface TextPlace {
  readonly uri: string;
  /** What stands between the quotes. */
  readonly range: Range;
}

/** Of `NAME` or `settings.NAME` as written in a file. Undefined when it is anything but one literal with just this text. */
export function literalPlace(modules: Modules, from: string, written: string, text: string): TextPlace | undefined {
  if (!/^\w+(\.\w+)*$/.test(written)) return undefined;
  let uri = from;
  let parts: readonly string[] = written.split('.');
  for (let hop = 0; hop < mostHops; hop++) {
    const [first = '', ...rest] = parts;
    const all = modules.bindings(uri, first);
    const [bound] = all;
    if (!bound || all.length > 1) return undefined;
    const { binding, line } = bound;
    if (binding.sort === 'imported') {
      const { module = '', imported } = binding;
      const whole = imported === undefined ? module : `${module}${module.endsWith('.') ? '' : '.'}${imported}`;
      const target = modules.module(uri, whole);
      const parent = imported === undefined ? undefined : modules.module(uri, module);
      if (target !== undefined) parts = rest;
      else if (parent !== undefined && imported !== undefined) parts = [imported, ...rest];
      else return undefined;
      uri = target ?? parent ?? uri;
      continue;
    }
    const { value } = binding;
    if (rest.length > 0 || value.is !== 'text' || value.value !== text) return undefined;
    const [start, character, end, endCharacter] = value.at;
    return {
      uri,
      range: { start: { line: line + start, character }, end: { line: line + end, character: endCharacter } },
    };
  }
  return undefined;
}
