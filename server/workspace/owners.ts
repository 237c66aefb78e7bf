// Owners: whom plumbline.yaml names for an entity.
import type { Entity } from '../catalog/entity.ts';
import type { OwnerRule } from './plumblineFile.ts';

/** The last rule that matches wins, as in CODEOWNERS. Undefined when none does. Names compare without case, `*` stands for anything. */
export function declaredOwner(rules: readonly OwnerRule[], entity: Entity): string | undefined {
  return rules.findLast((rule) => matchesEntity(rule.match, entity))?.owner;
}

/** Whether `kind:name` (with `*`) or a whole id means this entity. */
export function matchesEntity(pattern: string, entity: Entity): boolean {
  if (wildcard(pattern, entity.id)) return true;
  const kind = pattern.slice(0, pattern.indexOf(':'));
  const name = pattern.slice(kind.length + 1);
  return kind === entity.kind && [entity.name, ...entity.aliases].some((known) => wildcard(name, known));
}

/** Linear in the text for each `*`, without a regular expression made of somebody's text. */
function wildcard(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.toLowerCase().split('*');
  const subject = text.toLowerCase();
  if (rest.length === 0) return subject === head;
  if (!subject.startsWith(head)) return false;
  const tail = rest.pop() ?? '';
  let from = head.length;
  for (const part of rest) {
    const found = subject.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return subject.length - tail.length >= from && subject.endsWith(tail);
}
