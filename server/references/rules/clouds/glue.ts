// AWS Glue's frames: tables of its catalog and files, read and written (from memory).
import type { Role } from '../../reference.ts';
import { address, rowsOf, table } from '../rows.ts';
import type { Rule, Take } from '../rule.ts';

const row = rowsOf('glue');
/** `first`: the position of the database; a writer's frame comes before it. */
const inCatalog = (role: Role, first: number): Take => ({
  from: [first + 1, 'table_name'],
  kind: 'table',
  role,
  qualify: [[first, 'database', 'name_space']],
});
const files = (role: Role, first: number): readonly Take[] =>
  [`${first}`, 'connection_options'].flatMap((options) => [
    address(role, `${options}.paths`, `${options}.path`),
    table(role, `${options}.dbtable`),
  ]);

export const glueRules: readonly Rule[] = [
  row(
    'from_catalog',
    [
      'create_dynamic_frame>from_catalog',
      'create_data_frame>from_catalog',
      '#create_dynamic_frame_from_catalog',
      '#create_data_frame_from_catalog',
    ],
    inCatalog('reads', 0),
  ),
  row(
    'to_catalog',
    [
      'write_dynamic_frame>from_catalog',
      'write_data_frame>from_catalog',
      '#write_dynamic_frame_from_catalog',
      '#write_data_frame_from_catalog',
    ],
    inCatalog('writes', 1),
  ),
  row(
    'from_options',
    [
      'create_dynamic_frame>from_options',
      'create_data_frame>from_options',
      '#create_dynamic_frame_from_options',
      '#create_data_frame_from_options',
    ],
    ...files('reads', 1),
  ),
  row(
    'to_options',
    [
      'write_dynamic_frame>from_options',
      'write_data_frame>from_options',
      'write_dynamic_frame>from_jdbc_conf',
      '#write_dynamic_frame_from_options',
      '#write_dynamic_frame_from_jdbc_conf',
    ],
    ...files('writes', 2),
  ),
  row('getSink', ['#getSink'], address('writes', 'path')),
  row('setCatalogInfo', ['#setCatalogInfo'], table('writes', 'catalogTableName', 'catalogDatabase')),
  row('purge', ['#purge_s3_path', '#transition_s3_path'], address('mentions', 0, 's3_path')),
];
