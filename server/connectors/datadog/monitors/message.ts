// Message: what the authors of a monitor say when it stands so, without what is said when it stands otherwise.
import type { AlertState } from '../../../catalog/alert.ts';
import { oneLine } from '../../json.ts';

/** Sections that are said in this state (docs.datadoghq.com/monitors/notify/variables, 2026-11); others are about what is compared. */
const saidIn: Readonly<Record<AlertState, string>> = {
  firing: 'is_alert',
  warning: 'is_warning',
  noData: 'is_no_data',
  pending: '',
};
const ofStates =
  /^is_(?:alert|warning|no_data|recovery|alert_recovery|warning_recovery|renotify|alert_to_warning|.{0,30}_to_.{0,30})$/;
const longest = 20_000;

/** In one line of at most 300 characters, without variables and without whom it notifies. Undefined when nothing is left. */
export function messageFor(message: string, state: AlertState): string | undefined {
  const text = message.slice(0, longest);
  let [told, at, skipped] = ['', 0, ''];
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    if (skipped === '') told += text.slice(at, open);
    const end = text.indexOf('}}', open);
    if (end < 0) return shown(told);
    const tag = text.slice(open + 2, end).trim();
    at = end + 2;
    const section = /^[#^]\s{0,5}(\w{1,60})/.exec(tag)?.[1];
    if (skipped !== '') skipped = tag === `/${skipped}` ? '' : skipped;
    else if (
      section !== undefined &&
      ofStates.test(section) &&
      (tag.startsWith('^') ? section === saidIn[state] : section !== saidIn[state])
    )
      skipped = section;
  }
  return shown(skipped === '' ? told + text.slice(at) : told);
}

function shown(text: string): string | undefined {
  return oneLine(text.replace(/(^|\s)@[\w.+@-]{1,200}/g, '$1').replace(/\s{1,2000}/g, ' '), 300);
}
