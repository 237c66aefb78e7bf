// Settings: the editor's `plumbline` section, parsed once, with defaults.
import { type UserRules, userRules } from '../references/rules/userRules.ts';

export type SeveritySetting = 'error' | 'warning' | 'information' | 'hint' | 'off';

export interface Settings {
  readonly severity: SeveritySetting;
  readonly codeLens: boolean;
}

export const defaultSettings: Settings = { severity: 'information', codeLens: true };

const severities: readonly SeveritySetting[] = ['error', 'warning', 'information', 'hint', 'off'];

/** Anything that is not a known value becomes its default. */
export function parseSettings(section: unknown): Settings {
  const diagnostics = field(section, 'diagnostics');
  const lens = field(section, 'codeLens');
  const severity = severities.find((candidate) => candidate === field(diagnostics, 'severity'));
  return {
    severity: severity ?? defaultSettings.severity,
    codeLens: field(lens, 'enabled') !== false,
  };
}

/** The rows of `plumbline.rules`. */
export function rulesIn(section: unknown): UserRules {
  const rows = field(section, 'rules');
  return userRules(Array.isArray(rows) ? rows : []);
}

/** What is said of the mistakes in them. */
export function ruleMistakes({ mistakes }: UserRules): readonly string[] {
  return mistakes.map(({ row, message }) => `Setting plumbline.rules, rule ${row + 1}: ${message}`);
}

/** The port that events are received at; undefined: not at all. */
export function eventsPortIn(section: unknown): number | undefined {
  const port = field(field(section, 'receiveEvents'), 'port');
  return typeof port === 'number' && Number.isInteger(port) && port > 0 && port <= 65_535 ? port : undefined;
}

/** Globs of the editor's `files.exclude` that are switched on. */
export function excludedIn(section: unknown): readonly string[] {
  return typeof section === 'object' && section !== null
    ? Object.entries(section).flatMap(([glob, on]) => (on === true ? [glob] : []))
    : [];
}

/** The value of `plumbline.connections`, which is parsed together with connections.json. */
export function connectionsIn(section: unknown): unknown {
  return field(section, 'connections');
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
