// Assigned names: what names a thing by being assigned, without any call: attributes of classes (SQLAlchemy and SQLModel, from memory), environment variables.
import type { EntityKind } from '../../../catalog/entity.ts';
import type { Role } from '../../reference.ts';
import { namingVariables } from '../commands/index.ts';

export interface AssignedName {
  readonly kind: EntityKind;
  readonly tool: string;
  readonly role: Role;
  readonly via: string;
}

export const assignedNames: ReadonlyMap<string, AssignedName> = new Map([
  ['__tablename__', { kind: 'table', tool: 'sql', role: 'defines', via: 'sql.tablename' }],
]);

/** `target` as it is written: `__tablename__`, `os.environ["MLFLOW_EXPERIMENT_NAME"]`. */
export function assignedName(target: string): AssignedName | undefined {
  const [, variable] = /^(?:os\.)?environ\[["'](\w+)["']\]$/.exec(target) ?? [];
  const naming = variable === undefined ? undefined : namingVariables.get(variable);
  if (!naming) return assignedNames.get(target);
  return { kind: naming.kind, tool: naming.tool, role: 'mentions', via: `env.${naming.name}` };
}
