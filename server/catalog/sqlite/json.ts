// JSON as kept in the store: numbers that JSON does not have survive.

const notFinite = 'notFinite';

export function encode(value: unknown): string {
  const plain = JSON.stringify(value);
  // NaN and Infinity became null; a walk over every part is dear, so it is made only then.
  if (!plain.includes('null')) return plain;
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? { [notFinite]: String(part) } : part,
  );
}

/** The caller says the type: only what `encode` wrote is ever read here. */
export function decode<T>(text: string): T {
  return text.includes(`{"${notFinite}":`) ? JSON.parse(text, revive) : JSON.parse(text);
}

function revive(_key: string, part: unknown): unknown {
  const isOurs = typeof part === 'object' && part !== null && notFinite in part;
  return isOurs ? Number(part[notFinite]) : part;
}
