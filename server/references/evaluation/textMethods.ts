// Text methods: what Python's methods of texts make of a name, piece by piece.

type Change = (text: string, characters: string | undefined, first: boolean, last: boolean) => string;
const trimStart = (text: string, characters = ' \t\n\r'): string => {
  let at = 0;
  while (at < text.length && characters.includes(text.charAt(at))) at++;
  return text.slice(at);
};
const trimEnd = (text: string, characters = ' \t\n\r'): string => {
  let at = text.length;
  while (at > 0 && characters.includes(text.charAt(at - 1))) at--;
  return text.slice(0, at);
};
export const changes: Readonly<Record<string, Change | undefined>> = Object.assign(Object.create(null), {
  lower: (text: string) => text.toLowerCase(),
  upper: (text: string) => text.toUpperCase(),
  strip: (text: string, characters?: string, first?: boolean, last?: boolean) => {
    const start = first ? trimStart(text, characters) : text;
    return last ? trimEnd(start, characters) : start;
  },
  lstrip: (text: string, characters?: string, first?: boolean) => (first ? trimStart(text, characters) : text),
  rstrip: (text: string, characters?: string, _first?: boolean, last?: boolean) =>
    last ? trimEnd(text, characters) : text,
  as_posix: (text: string) => text,
  as_uri: (text: string) => text,
});
