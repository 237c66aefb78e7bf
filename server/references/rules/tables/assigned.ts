// Assigned names: attributes of classes whose value names a thing, without any call (SQLAlchemy 2.0, SQLModel, read 2026-11).
import type { EntityKind } from '../../../catalog/entity.ts';
import type { Role } from '../../reference.ts';

export interface AssignedName {
  readonly kind: EntityKind;
  readonly tool: string;
  readonly role: Role;
  readonly via: string;
}

export const assignedNames: ReadonlyMap<string, AssignedName> = new Map([
  ['__tablename__', { kind: 'table', tool: 'sql', role: 'defines', via: 'sql.tablename' }],
]);
