// Entity writes: one seen entity with its facts and names becomes rows.
import type { SeenEntity } from '../change.ts';
import type { Facts } from '../facts.ts';
import { nameKey } from '../names.ts';
import type { Row } from './connection.ts';
import { lastListed } from './history/listed.ts';
import { decode, encode } from './json.ts';
import type { ScanState } from './scanState.ts';

interface Content {
  readonly name: string;
  readonly aliases: string | null;
  readonly facts: string | null;
}

/** True when anything but the time of seeing is new. */
export function writeEntity(state: ScanState, seen: SeenEntity): boolean {
  const content = contentOf(seen.name, seen.aliases ?? [], seen.facts);
  if (insert(state, seen, content)) {
    addNames(state, seen, content);
    return true;
  }
  const { connection, source, scan, at } = state;
  const old = connection.get(
    'SELECT name, aliases, facts, as_of, scan, changed, gone_at, last_seen FROM entities WHERE id = ? AND source = ?',
    seen.id,
    source,
  );
  if (!old) return false;
  // A mere mention in a scan that tells only what changed takes nothing away.
  const adds = old.scan === scan || (state.incremental && seen.facts === undefined);
  const next = adds ? merged(old, seen) : content;
  const lastSeen = lastSeenOf(state, old);
  const same = next.name === old.name && next.aliases === old.aliases && next.facts === old.facts;
  if (same && old.gone_at === null) {
    connection.run(
      'UPDATE entities SET scan = ?, as_of = ?, last_seen = ? WHERE id = ? AND source = ?',
      ...[scan, at, lastSeen, seen.id, source],
    );
    return false;
  }
  if (next.name !== old.name || next.aliases !== old.aliases) {
    removeNames(state, seen, contentOfRow(old));
    addNames(state, seen, next);
  }
  connection.run(
    `UPDATE entities SET name = ?, aliases = ?, facts = ?, as_of = ?, last_seen = ?, scan = ?, changed = ?, gone_at = NULL
     WHERE id = ? AND source = ?`,
    ...[next.name, next.aliases, next.facts, at, lastSeen, scan, scan, seen.id, source],
  );
  return true;
}

/** When the entity was seen last in the state that history holds; null when history holds nothing of it yet. */
function lastSeenOf({ scan, recorded }: ScanState, old: Row): number | null {
  const isHeld = old.scan !== scan && Number(old.changed) <= recorded;
  const time = isHeld ? old.as_of : old.last_seen;
  return time === null ? null : Number(time);
}

function insert(state: ScanState, seen: SeenEntity, { name, aliases, facts }: Content): boolean {
  const { connection, source, scan, at } = state;
  return (
    connection.run(
      `INSERT OR IGNORE INTO entities
         (id, source, kind, name, aliases, facts, as_of, scan, changed, first_seen, missed_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[seen.id, source, seen.kind, name, aliases, facts, at, scan, scan, at, lastListed(state, seen.id) ?? null],
    ) === 1
  );
}

/** A second page of one scan adds to the first. */
function merged(old: Row, seen: SeenEntity): Content {
  const before = contentOfRow(old);
  const facts = { ...(before.facts ? decode<Facts>(before.facts) : {}), ...seen.facts };
  return contentOf(seen.name, [...aliasesOf(before.aliases), ...(seen.aliases ?? [])], facts);
}

function contentOf(name: string, aliases: readonly string[], facts: Facts | undefined): Content {
  const others = aliases.length > 0 ? [...new Set(aliases)].filter((alias) => alias !== name) : [];
  const text = facts ? encode(facts) : '{}';
  return { name, aliases: others.length > 0 ? encode(others) : null, facts: text === '{}' ? null : text };
}

function contentOfRow(row: Row): Content {
  return {
    name: String(row.name),
    aliases: row.aliases === null ? null : String(row.aliases),
    facts: row.facts === null ? null : String(row.facts),
  };
}

export function aliasesOf(text: string | null): readonly string[] {
  return text ? decode<readonly string[]>(text) : [];
}

function keysOf(seen: SeenEntity, { name, aliases }: Content): ReadonlySet<string> {
  return new Set([name, ...aliasesOf(aliases)].map((text) => nameKey(seen.kind, text)));
}

function addNames({ connection, source }: ScanState, seen: SeenEntity, content: Content): void {
  for (const key of keysOf(seen, content)) {
    connection.run('INSERT OR IGNORE INTO names VALUES (?, ?, ?, ?)', seen.kind, key, seen.id, source);
  }
}

function removeNames({ connection, source }: ScanState, seen: SeenEntity, content: Content): void {
  for (const key of keysOf(seen, content)) {
    connection.run(
      'DELETE FROM names WHERE kind = ? AND key = ? AND entity = ? AND source = ?',
      ...[seen.kind, key, seen.id, source],
    );
  }
}
