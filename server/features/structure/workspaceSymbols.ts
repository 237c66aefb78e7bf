// Workspace symbols: names that the workspace's code defines, writes or uses, by a part of them.
import type { SymbolInformation } from 'vscode-languageserver-types';
import type { PlacedReference } from '../../references/reference.ts';
import type { FeatureContext } from '../context.ts';
import { kindWords } from '../words.ts';
import { symbolKinds } from './documentSymbols.ts';

const mostSymbols = 200;
const perStep = 500;

/** A sweep over the whole workspace. `query`: its letters in this order, as the editor matches; empty: whatever comes first. */
export function* workspaceSymbols(context: FeatureContext, query: string): Generator<undefined, SymbolInformation[]> {
  const wanted = query.toLowerCase().replace(/\s+/g, '');
  const found = new Map<string, PlacedReference>();
  let looked = 0;
  for (const placed of context.inWorkspace()) {
    if (++looked % perStep === 0) yield undefined;
    const { kind, name, role, detail } = placed.reference;
    if (name.replaceAll('*', '') === '' || !hasLetters(name.toLowerCase(), wanted)) continue;
    const key = `${kind} ${detail.container ?? ''} ${name}`;
    const known = found.get(key);
    if (!known || (known.reference.role !== 'defines' && role === 'defines')) found.set(key, placed);
    if (found.size >= mostSymbols) break;
  }
  return [...found.values()].map(({ uri, reference: { kind, name, detail, range } }) => ({
    name,
    kind: symbolKinds[kind],
    containerName: detail.container === undefined ? kindWords[kind] : `${kindWords[kind]} of ${detail.container}`,
    location: { uri, range },
  }));
}

function hasLetters(text: string, letters: string): boolean {
  let at = -1;
  for (const letter of letters) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}
