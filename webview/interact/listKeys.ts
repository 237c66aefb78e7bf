// List keys: how a tree is walked by keyboard (w3.org/WAI/ARIA/apg/patterns/treeview, read 2026-11).
import type { Intentions } from '../intentions.ts';

/** False when the key means nothing to the row that has the keyboard. */
export function walkList(list: HTMLElement, key: string, act: Intentions): boolean {
  const rows = [...list.querySelectorAll<HTMLElement>('li')];
  const row = rows.find((one) => one === document.activeElement);
  if (!row) return false;
  const at = rows.indexOf(row);
  const rowKey = row.dataset.key ?? '';
  switch (key) {
    case 'ArrowDown':
      return move(row, rows[at + 1], act);
    case 'ArrowUp':
      return move(row, rows[at - 1], act);
    case 'Home':
      return move(row, rows[0], act);
    case 'End':
      return move(row, rows.at(-1), act);
    case 'ArrowRight':
      if (row.ariaExpanded === 'true') return move(row, rows[at + 1], act);
      if (row.ariaExpanded === 'false') act.row(rowKey, true);
      return true;
    case 'ArrowLeft':
      if (row.ariaExpanded === 'true') act.row(rowKey, false);
      else move(row, row.parentElement?.closest('li'), act);
      return true;
    case 'Enter':
    case ' ':
      return press(row, rowKey, act);
    default:
      return false;
  }
}

function move(from: HTMLElement, to: HTMLElement | null | undefined, act: Intentions): boolean {
  if (!to) return true;
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
  if (to.dataset.id) act.select(to.dataset.id);
  return true;
}

/** On a name Enter and Space mean what they mean everywhere. */
function press(row: HTMLElement, rowKey: string, act: Intentions): boolean {
  const { more, direction, id } = row.dataset;
  if (more) act.toggle(more, direction === 'upstream' ? 'upstream' : 'downstream');
  else if (id === undefined) act.row(rowKey, row.ariaExpanded === 'false');
  else return false;
  return true;
}
