// Escapes: takes out of a line what a terminal would obey and a reader would not see.

// Each alternative ends at the next ESC at the latest, so the time is linear in the length of the line.
const sequences = new RegExp(
  [
    // CSI: colours, cursor moves; 7-bit and 8-bit.
    '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]?',
    // OSC, DCS, SOS, PM, APC: strings up to BEL or ST; a string without its end goes on to the end of the line.
    '(?:\\u001b[\\]PX^_]|[\\u009d\\u0090\\u0098\\u009e\\u009f])[^\\u0007\\u001b\\u009c]*(?:\\u0007|\\u001b\\\\|\\u009c)?',
    // Any other escape.
    '\\u001b[ -/]*[0-~]?',
  ].join('|'),
  'g',
);
/** C0 but tab, DEL, C1, and the marks that turn the direction of text. */
const controls = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** One line as a terminal would leave it: after a carriage return (progress bars) only what was written last. */
export function plainLine(line: string): string {
  const plain = line.replace(/\r+$/, '');
  const last = plain.lastIndexOf('\r');
  const shown = last < 0 ? plain : plain.slice(last + 1) || plain.slice(0, last);
  return shown.replace(sequences, '').replace(controls, '');
}
