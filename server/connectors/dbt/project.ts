// Project: a folder with dbt_project.yml: its name, and where dbt writes its artifacts and its log.
import path from 'node:path';
import { parse } from 'yaml';
import type { ConnectorHost, SourceConfig, WorkspaceFolderListing } from '../connector.ts';
import { record, text } from '../json.ts';

export const projectFile = 'dbt_project.yml';
const maxBytes = 1024 * 1024;
/** Of dbt and of Fusion, by their usual names; a project may name another folder for them. */
const packages = /(^|\/)(dbt_packages|dbt_modules|dbt_internal_packages|site-packages)\//;

export interface Project {
  readonly name: string;
  /** Absolute. */
  readonly root: string;
  /** Absolute folders that dbt may write its artifacts to, in the order in which it would decide. */
  readonly targets: readonly string[];
  /** Absolute path of the log of its commands. */
  readonly log: string;
  /** False when nobody says which project it is: then its folder's name stands in. */
  readonly isNamed: boolean;
}

export function projectsIn(folder: WorkspaceFolderListing): readonly string[] {
  const declared = folder.declared.filter(({ tool }) => tool === 'dbt').map(({ path: declaredPath }) => declaredPath);
  const found = folder.files
    .filter((file) => path.posix.basename(file) === projectFile)
    .filter((file) => !packages.test(file))
    .map((file) => path.posix.dirname(file));
  return [...new Set([...declared, ...found].map((relative) => path.posix.normalize(relative).replace(/\/$/, '')))];
}

/** A package that a project above has installed is no project of the user's (`packages-install-path`). */
export async function isInstalled({ path: folder, workspaceFolder }: SourceConfig, host: ConnectorHost) {
  for (let above = path.dirname(folder); above.startsWith(workspaceFolder); above = path.dirname(above)) {
    const file = path.join(above, projectFile);
    if (!(await host.stat(file))) continue;
    const written = settingsOf(await host.readText(file, maxBytes), host)('packages-install-path');
    if (written !== undefined && isInside(folder, path.resolve(above, written))) return true;
  }
  return false;
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || !(relative.startsWith('..') || path.isAbsolute(relative));
}

/**
 * `folder` holds dbt_project.yml or is, when declared, a target folder. The environment decides before the file, as in
 * dbt (`DBT_ENGINE_TARGET_PATH` is its newer name); whoever ran dbt may have had another environment than we have.
 * Source: dbt-core 1.12.6, config/project.py and cli/params.py.
 */
export async function readProject(folder: string, host: ConnectorHost): Promise<Project> {
  const declaration = path.join(folder, projectFile);
  if (!(await host.stat(declaration))) {
    // A declared target folder: its project is the folder above, if it has a name.
    const root = path.dirname(folder);
    const above = (await host.stat(path.join(root, projectFile))) ? await readProject(root, host) : undefined;
    const log = above?.log ?? path.join(root, 'logs', 'dbt.log');
    return { name: above?.name ?? path.basename(root), root, targets: [folder], log, isNamed: above !== undefined };
  }
  const setting = settingsOf(await host.readText(declaration, maxBytes), host);
  const variable = (name: string) => host.variable(`DBT_ENGINE_${name}`) ?? host.variable(`DBT_${name}`);
  const targets = [variable('TARGET_PATH'), setting('target-path'), 'target'].filter((one) => one !== undefined);
  const name = setting('name');
  return {
    name: name ?? path.basename(folder),
    root: folder,
    targets: [...new Set(targets.map((target) => path.resolve(folder, target)))],
    log: path.resolve(folder, variable('LOG_PATH') ?? setting('log-path') ?? 'logs', 'dbt.log'),
    isNamed: name !== undefined,
  };
}

/** A project file with a mistake still is a project. Of Jinja, `env_var` is read; a value with more than that is none. */
function settingsOf(written: string, host: ConnectorHost): (key: string) => string | undefined {
  let settings: ReturnType<typeof record> = {};
  try {
    settings = record(parse(written, { maxAliasCount: 100 }));
  } catch {
    // Its folder's name stands in.
  }
  return (key) => {
    const value = text(settings[key])?.replace(
      /\{\{\s{0,5}env_var\(\s{0,5}['"](\w{1,100})['"]\s{0,5}(?:,\s{0,5}['"]([^'"]{0,300})['"]\s{0,5})?\)\s{0,5}\}\}/g,
      (_, name: string, otherwise?: string) => host.variable(name) ?? otherwise ?? '',
    );
    return value === undefined || value === '' || value.includes('{{') ? undefined : value;
  };
}
