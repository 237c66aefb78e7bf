// Script: the one program that is run on a remote host: it reads questions from its input and answers them by reading files, nothing else.

/**
 * Fixed; nothing is ever put into it: names, numbers and words are lines of its input, each read by `read -r` and used
 * in double quotes. It is one line without apostrophe, exclamation mark or line break, because the login shell of the
 * host (sh, bash, zsh, fish, csh) hands it on inside of apostrophes. It needs stat, tail, head, and what is there of
 * grep, gzip, dd and nproc. On Linux a long log is searched in several parts at once: each grep reads through an open file
 * of the shell, so that /proc tells how far it has come, and it ends when that file is moved to its end. Every answer ends with a line of the nonce that its first line gave, and a code:
 * 0 done, 2 not there, 3 may not be read, 4 not able to, 5 too many.
 * `$p.[0-9]*` and `$p-[0-9]*` are what log rotation makes of a log.
 */
/** Open files through which parts of a log are searched at the same time. */
const hands = [4, 5, 6, 7];
export const mostParts = hands.length;

/** Searches from a byte on through one of them; says where what it found begins, or nothing once it is at the end. */
const searching = (hand: number): string =>
  `IFS= read -r a; if [ -n "$a" ]; then dd bs=1 skip="$a" count=0 <&${hand} 2>/dev/null; { x=$(grep -a -b -m 1 -F -e "$w" <&${hand} | head -c 40); printf "h ${hand} %s\\n" "$\{x%%:*}"; } & fi`;
/** Says how far it has come. */
const telling = (hand: number): string =>
  `while read -r x y; do case "$x" in pos:) printf "p ${hand} %s\\n" "$y";; esac; done </proc/self/fdinfo/${hand}`;
/** Whoever reads through it finds the end. */
const ending = (hand: number): string => `dd bs=1 skip="$e" count=0 <&${hand} 2>/dev/null`;
const each = (part: (hand: number) => string): string => hands.map(part).join('; ');
const opened = hands.map((hand) => `${hand}<"$p"`).join(' ');

const lines = [
  'LC_ALL=C; export LC_ALL; IFS= read -r n || exit 0',
  'r() { IFS= read -r a && [ "$a" = "where" ]; }',
  'q() { printf "x\\n"; while r; do continue; done; m "$1"; }',
  'm() { printf "\\n%s %s\\n" "$n" "$1"; }',
  'if stat -c %s / >/dev/null 2>&1; then s() { stat -L -c "%f %s %Y %i %n" -- "$@" 2>/dev/null; }; else s() { stat -L -f "%Xp %z %m %i %N" -- "$@" 2>/dev/null; }; fi',
  't() { case "$1" in *.gz) gzip -dc -- "$1" 2>/dev/null | tail -c "+$2";; *) tail -c "+$2" -- "$1" 2>/dev/null;; esac; }',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell that fills it
  'l=$(printf "\\nx"); l="${l%x}"; g=0; printf "a\\n" | grep -a -b -F -e a >/dev/null 2>&1 && g=1; z=0; command -v gzip >/dev/null 2>&1 && z=1; c=0; [ -r /proc/self/fdinfo/0 ] && dd bs=1 count=0 </dev/null 2>/dev/null && c=$(nproc 2>/dev/null || printf 1)',
  'printf "\\n%s hello\\n" "$n"; uname -sn; date +%z; printf "%s\\n%s %s" "$HOME" "$g" "$z $c"; m 0',
  'while IFS= read -r v; do case "$v" in',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell that fills it
  'list) IFS= read -r p; IFS= read -r d; case "$p" in "~/"*) p="$HOME/${p#??}"; d="$HOME/${d#??}";; esac; IFS=; set -- $p $p.[0-9]* $p-[0-9]* $p.gz; unset IFS; if [ $# -gt 1003 ]; then m 5; else s "$@" | head -c 1000000; if [ -r "$d" ] && [ -x "$d" ]; then m 0; elif [ -e "$d" ]; then m 3; else m 2; fi; fi;;',
  'stat) IFS= read -r p; if [ -f "$p" ]; then if [ -r "$p" ]; then s "$p"; m 0; else m 3; fi; else m 2; fi;;',
  'count) IFS= read -r p; if [ $z = 1 ]; then gzip -dc -- "$p" 2>/dev/null | wc -c; m 0; else m 4; fi;;',
  'range) IFS= read -r p; IFS= read -r a; IFS= read -r b; if [ -r "$p" ]; then t "$p" "$a" | head -c "$b"; m 0; elif [ -e "$p" ]; then m 3; else m 2; fi;;',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell that fills it
  'find) IFS= read -r p; IFS= read -r a; IFS= read -r b; IFS= read -r k; w=; i=0; while [ $i -lt "$k" ]; do IFS= read -r x; w="$w$x$l"; i=$((i+1)); done; w="${w%?}"; if [ $g = 0 ]; then m 4; elif [ -r "$p" ]; then if [ -n "$b" ]; then t "$p" "$a" | head -c "$b" | grep -a -b -m 1 -F -e "$w" | head -c 100; else t "$p" "$a" | grep -a -b -m 1 -F -e "$w" | head -c 100; fi; m 0; else m 3; fi;;',
  `hunt) IFS= read -r p; IFS= read -r e; IFS= read -r k; w=; i=0; while [ $i -lt "$k" ]; do IFS= read -r x; w="$w$x$l"; i=$((i+1)); done; w="$\{w%?}"; if [ $g = 0 ]; then q 4; elif [ -r "$p" ]; then { ${each(searching)}; while r; do ${each(telling)}; done; ${each(ending)}; wait; } ${opened} && m 0 || q 3; else q 3; fi;;`,
  '*) m 4;; esac; done',
];

const script = lines.join('; ').replaceAll('do case "$v" in; ', 'do case "$v" in ').replaceAll(';;; ', ';; ');

/** What ssh is asked to run; the same for every host. */
export const remoteCommand = `exec /bin/sh -c '${script}'`;

export type RemoteQuestion =
  | { readonly ask: 'list'; readonly pattern: string; readonly folder: string }
  | { readonly ask: 'stat' | 'count'; readonly path: string }
  | { readonly ask: 'range'; readonly path: string; readonly offset: number; readonly length: number }
  | {
      readonly ask: 'find';
      readonly path: string;
      readonly from: number;
      /** Absent: to the end. */
      readonly length?: number;
      readonly words: readonly string[];
    }
  | {
      /** The same in several parts at once; it talks on (`where`, then an empty line) until it is told to end. */
      readonly ask: 'hunt';
      readonly path: string;
      readonly size: number;
      /** Where its parts begin, at most `mostParts`. */
      readonly starts: readonly number[];
      readonly words: readonly string[];
    };

/** As lines of the script's input. Throws for what would be more lines than it has parts: nothing of that is sent. */
export function questionLines(question: RemoteQuestion): string {
  const parts = [question.ask, ...partsOf(question)];
  if (parts.some((part) => /[\n\r\0]/.test(part)))
    throw new Error('A line break in a question to a host: it is not sent.');
  return parts.map((part) => `${part}\n`).join('');
}

function partsOf(question: RemoteQuestion): readonly string[] {
  switch (question.ask) {
    case 'list':
      return [question.pattern, question.folder];
    case 'stat':
    case 'count':
      return [question.path];
    case 'range':
      // `tail -c +N` counts bytes from 1.
      return [question.path, String(question.offset + 1), String(question.length)];
    case 'find': {
      const { path, from, length, words } = question;
      return [path, String(from + 1), length === undefined ? '' : String(length), String(words.length), ...words];
    }
    case 'hunt': {
      const { path, size, starts, words } = question;
      const parts = Array.from({ length: mostParts }, (_, part) => String(starts[part] ?? ''));
      return [path, String(size), String(words.length), ...words, ...parts];
    }
  }
}
