// Readable: a hover's markdown with its links as people would say them, so that tests can be read.

/** `[Open lineage](command:plumbline.openLineage?…)` becomes `{Open lineage → openLineage model:…}`; file links lose their folder. */
export function readable(markdown: string): string {
  return markdown
    .replace(
      /\[((?:\\.|[^\]\\])*)\]\(command:plumbline\.(\w+)\?([^)]*)\)/g,
      (_, label: string, command: string, argument: string) => {
        const [id] = JSON.parse(decodeURIComponent(argument)) as readonly string[];
        return `{${unescaped(label)} → ${command} ${id}}`;
      },
    )
    .replace(/\[((?:\\.|[^\]\\])*)\]\(file:\/\/[^)]*#L(\d+)\)/g, (_, label: string) => `{${unescaped(label)}}`);
}

const unescaped = (label: string): string => label.replace(/\\([!-/:-@[-`{-~])/g, '$1');
