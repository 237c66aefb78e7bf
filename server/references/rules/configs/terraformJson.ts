// Terraform's JSON: the rows of its own language, for the same resources in `*.tf.json` (JSON configuration syntax, read 2026-11).
import { type TerraformReading, type TerraformTake, terraformRows } from '../terraform.ts';
import { type ConfigReading, type ConfigRow, type ConfigShape, type RowParts, rowOf } from './row.ts';

/** Those that readers of configurations know as well. */
const readings: Readonly<Partial<Record<TerraformReading, ConfigReading>>> = {
  name: 'name',
  address: 'address',
  sql: 'sql',
  shell: 'shell',
  datadog: 'datadog',
  promql: 'promql',
};

/** A block is an object, or a list of them. */
function rowsOf(type: string, tool: string, { at, kind, role, read = 'name', opens }: TerraformTake): ConfigRow[] {
  const reading = readings[read];
  if (reading === undefined || at === '' || at.startsWith('**')) return [];
  const steps = at.split('.');
  const parts: RowParts = { ...(reading === 'name' ? {} : { read: reading }), ...(opens ? { opens } : {}) };
  const paths = steps.length > 1 ? [steps.join('.'), steps.join('.[].')] : [at];
  return [`resource.${type}.*`, `resource.[].${type}.*`].flatMap((base) =>
    paths.map((path) => rowOf(tool)(`${base}.${path}`, `terraform.${type}`, kind, role, parts)),
  );
}

/** `bucket` alone: the key is an object of its own there. */
const buckets: readonly ConfigRow[] = ['resource.aws_s3_bucket.*.bucket', 'resource.[].aws_s3_bucket.*.bucket'].map(
  (at) => rowOf('s3')(at, 'terraform.aws_s3_bucket', 'path', 'defines', { read: 'bucket' }),
);

export const terraformJson: ConfigShape = {
  id: 'terraform.json',
  file: '\\.tf\\.json$',
  alone: true,
  rows: [
    ...buckets,
    ...terraformRows.flatMap(({ types, tool, takes }) =>
      types.flatMap((type) => takes.flatMap((one) => rowsOf(type, tool, one))),
    ),
  ],
};
