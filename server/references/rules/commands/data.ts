// Command lines of the tools that move, query and build data (dbt 1.10, aws 2, gsutil 5, bq 2, psql 17; options from memory).
import type { Role } from '../../reference.ts';
import type { CommandRule, CommandTake, Program, WordKey } from './command.ts';

const row = (id: string, sub: string, ...takes: CommandTake[]): CommandRule => ({ id, sub, takes });
const address = (role: Role, ...from: WordKey[]): CommandTake => ({ from, role, read: 'address' });
const sql = (...from: WordKey[]): CommandTake => ({ from, role: 'mentions', read: 'sql' });
const table = (role: Role, ...from: WordKey[]): CommandTake => ({ from, role, read: 'table', kind: 'table' });
const dotted = (role: Role, ...from: WordKey[]): CommandTake => ({ from, role, read: 'dotted', kind: 'table' });
const selector = (role: Role, ...from: string[]): CommandTake => ({ from, role, read: 'selector', many: true });
const bucket = (role: Role): CommandTake => ({ from: ['--bucket'], role, read: 'bucket', key: ['--key', '--prefix'] });
const endpoint = (role: Role): CommandTake => ({ from: ['--endpoint-name'], role, read: 'name', kind: 'endpoint' });
const copies = (id: string, sub: string): CommandRule => row(id, sub, address('reads', 0), address('writes', 'last'));

const select = ['-s', '--select', '-m', '--model', '--models'];

const dbt: Program = {
  tool: 'dbt',
  names: ['dbt', 'dbtf', 'dbt-ol', 'dbt.cli.main'],
  flags:
    '--full-refresh -f --fail-fast -x --no-version-check --store-failures --defer --no-defer --favor-state --debug -d --quiet -q --partial-parse --no-partial-parse --use-colors --no-use-colors --warn-error --empty --no-compile --empty-catalog --static',
  rules: [
    row(
      'dbt.cli.run',
      'run|build|seed|snapshot|test|retry',
      selector('runs', ...select),
      selector('mentions', '--exclude'),
    ),
    row(
      'dbt.cli.ls',
      'ls|list|compile|docs|show|clone|parse',
      selector('mentions', ...select),
      selector('mentions', '--exclude'),
    ),
    row('dbt.cli.inline', 'show|compile', sql('--inline')),
    row('dbt.cli.freshness', 'source', selector('reads', ...select), selector('mentions', '--exclude')),
  ],
};

const sqlmesh: Program = {
  tool: 'sqlmesh',
  names: ['sqlmesh'],
  flags: '--auto-apply --no-prompts --skip-tests --skip-backfill --no-gaps --run --forward-only --ignore-cron',
  rules: [
    row('sqlmesh.cli', 'run|plan', table('runs', '--select-model', '--restate-model', '--backfill-model')),
    row('sqlmesh.cli.read', 'render|evaluate', table('mentions', 0)),
    row('sqlmesh.cli.fetchdf', 'fetchdf', sql(0)),
  ],
};

const aws: Program = {
  tool: 's3',
  names: ['aws', 'awslocal'],
  flags:
    '--recursive --quiet --dryrun --no-progress --only-show-errors --delete --human-readable --summarize --no-sign-request --follow-symlinks --no-follow-symlinks --exact-timestamps --size-only --no-verify-ssl --no-paginate --no-cli-pager --force --no-guess-mime-type --debug --paginate --bypass-governance-retention --no-overwrite',
  rules: [
    copies('aws.s3.copy', 's3 cp|mv|sync'),
    row('aws.s3.read', 's3 ls|presign|website', address('reads', 0)),
    row('aws.s3.write', 's3 rm|mb|rb', address('writes', 0)),
    row(
      'aws.s3api.read',
      's3api get-object|head-object|list-objects|list-objects-v2|list-object-versions|head-bucket|get-object-tagging|get-object-attributes|select-object-content',
      bucket('reads'),
    ),
    row(
      'aws.s3api.write',
      's3api put-object|delete-object|delete-objects|create-bucket|delete-bucket|copy-object|put-object-tagging|create-multipart-upload|upload-part|complete-multipart-upload|restore-object',
      bucket('writes'),
    ),
    row(
      'aws.s3api',
      's3api get-bucket-location|get-bucket-policy|get-bucket-versioning|get-bucket-notification-configuration|put-bucket-policy|put-bucket-versioning|put-bucket-lifecycle-configuration|put-bucket-encryption|put-bucket-notification-configuration|put-public-access-block|put-bucket-cors|put-bucket-tagging|wait',
      bucket('mentions'),
    ),
    row('aws.sagemaker.write', 'sagemaker create-endpoint|update-endpoint|delete-endpoint', endpoint('writes')),
    row('aws.sagemaker.read', 'sagemaker describe-endpoint|wait', endpoint('reads')),
    row('aws.sagemaker.invoke', 'sagemaker-runtime invoke-endpoint|invoke-endpoint-async', endpoint('reads')),
    row('aws.metric', 'cloudwatch put-metric-data', {
      from: ['--metric-name'],
      role: 'writes',
      read: 'name',
      kind: 'metric',
    }),
    row(
      'aws.alarm',
      'cloudwatch put-metric-alarm',
      { from: ['--alarm-name'], role: 'defines', read: 'name', kind: 'monitor' },
      { from: ['--metric-name'], role: 'reads', read: 'name', kind: 'metric' },
    ),
    row('aws.metric.read', 'cloudwatch get-metric-statistics', {
      from: ['--metric-name'],
      role: 'reads',
      read: 'name',
      kind: 'metric',
    }),
    row('aws.athena', 'athena start-query-execution', sql('--query-string')),
    row('aws.redshift', 'redshift-data execute-statement', sql('--sql')),
  ],
};

const gsutil: Program = {
  tool: 'gs',
  names: ['gsutil'],
  values: '-x -h -o -s -j -z -u -i -L',
  rules: [
    copies('gsutil.copy', 'cp|mv|rsync'),
    row('gsutil.read', 'ls|cat|du|stat', address('reads', 'each')),
    row('gsutil.write', 'rm|mb|rb', address('writes', 'each')),
  ],
};

const s5cmd: Program = {
  tool: 's3',
  names: ['s5cmd', 's4cmd', 's3cmd'],
  flags: '-r --recursive -n --no-clobber -f --force --delete --delete-removed --no-sign-request --dry-run',
  rules: [
    copies('s5cmd.copy', 'cp|mv|sync|put|get'),
    row('s5cmd.read', 'ls|cat|du|dsync', address('reads', 'each')),
    row('s5cmd.write', 'rm|del|mb|rb', address('writes', 'each')),
  ],
};

const hdfs: Program = {
  tool: 'hdfs',
  names: ['hdfs', 'hadoop'],
  flags: '-f -p -r -R -skipTrash -h -s -d -overwrite -update -delete',
  verbs:
    '-put -get -cp -mv -ls -rm -cat -text -copyFromLocal -copyToLocal -mkdir -du -count -test -touchz -getmerge -appendToFile -stat -tail -moveFromLocal',
  rules: [
    copies('hdfs.copy', 'dfs|fs -put|-get|-cp|-mv|-copyFromLocal|-copyToLocal|-getmerge|-appendToFile|-moveFromLocal'),
    row('hdfs.read', 'dfs|fs -ls|-cat|-text|-du|-count|-test|-stat|-tail', address('reads', 'each')),
    row('hdfs.write', 'dfs|fs -rm|-mkdir|-touchz', address('writes', 'each')),
    copies('hdfs.distcp', 'distcp'),
  ],
};

const bq: Program = {
  tool: 'sql',
  names: ['bq'],
  values:
    '--source_format --field_delimiter -F --skip_leading_rows --max_bad_records --schema --destination_table --project_id --location --dataset_id --time_partitioning_field --time_partitioning_type --time_partitioning_expiration --clustering_fields --null_marker --quote --encoding -E --format --max_rows --max_results --start_row --selected_fields --api --job_id --display_name --params --data_source --target_dataset --description --expiration --label --range_partitioning --hive_partitioning_mode --hive_partitioning_source_uri_prefix --destination_kms_key --view --materialized_view --external_table_definition --destination_schema --compression --parameter --udf_resource --schedule --maximum_bytes_billed --projection_fields --schema_update_option --service_account_name',
  rules: [
    row('bq.query', 'query', sql(0, 'input'), table('writes', '--destination_table')),
    row('bq.load', 'load', table('writes', 0), address('reads', 1)),
    row('bq.extract', 'extract', table('reads', 0), address('writes', 1)),
    row('bq.copy', 'cp', table('reads', 0), table('writes', 1)),
    row('bq.read', 'head', table('reads', 0)),
    // `--schema` is a flag here, and has a value elsewhere.
    row('bq.show', 'show', dotted('reads', 0, '--schema')),
    row('bq.make', 'mk|rm|update', dotted('writes', 0)),
    row('bq.insert', 'insert', table('writes', 0)),
  ],
};

const queries = (names: string, ...options: WordKey[]): Program => ({
  tool: 'sql',
  names: names.split(' '),
  rules: [{ id: 'sql.cli', takes: [sql(...options, 'input')] }],
});

const clients: readonly Program[] = [
  queries('snowsql', '-q', '--query'),
  { ...queries('snow'), rules: [row('sql.cli', 'sql', sql('-q', '--query', 'input'))] },
  {
    ...queries('psql', '-c', '--command', '-tAc', '-Atc', '-tc', '-qc', '-Atqc', '-qAtc'),
    flags:
      '-a -A -t -q -X -w -W -1 -e -E -b -n -s -S -x --no-psqlrc --quiet --tuples-only --no-align --single-transaction --csv -At -Atq -tA -qt',
  },
  queries('mysql mariadb', '-e', '--execute'),
  queries('spark-sql spark-sql3 hive beeline', '-e'),
  {
    ...queries('duckdb', '-c', '-s'),
    flags: '-csv -json -markdown -box -line -list -noheader -header -readonly -batch -bail -init',
  },
  queries('trino presto trino-cli', '--execute'),
  queries('impala-shell clickhouse-client', '-q', '--query'),
  { ...queries('clickhouse'), rules: [row('sql.cli', 'client|local', sql('-q', '--query', 'input'))] },
  queries('sqlcmd', '-Q', '-q'),
  queries('dbsqlcli vsql', '-e', '-c'),
  { ...queries('cockroach'), rules: [row('sql.cli', 'sql', sql('-e', '--execute', 'input'))] },
];

const spark: Program = {
  tool: 'spark',
  names: ['spark-submit'],
  rules: [{ id: 'spark.submit', takes: [address('mentions', 'each')] }],
};

const remote: readonly Program[] = [
  {
    tool: 'ssh',
    names: ['scp', 'rsync'],
    flags:
      '-r -C -q -v -p -B -3 -4 -6 -a -z -h -P -n -u -x -H -A -X -avz -az -rv -av -avzP -azP -avP -rlptz -vz --delete --progress --archive --verbose --compress --recursive --dry-run --partial',
    rules: [{ id: 'ssh.copy', takes: [{ from: ['each'], role: 'mentions', read: 'remote' }] }],
  },
  {
    tool: 'http',
    names: ['curl', 'wget', 'http', 'https'],
    flags:
      '-s -S -f -L -k -v -i -I -g -sS -fsS -fsSL -sSL -sL -sf -fs -kv -sk -ks --silent --fail --location --insecure --show-error --verbose --compressed',
    rules: [
      {
        id: 'http.call',
        takes: [
          { from: ['each', '--url'], role: 'mentions', read: 'url' },
          {
            from: ['-d', '--data', '--data-raw', '--json', '--data-binary'],
            role: 'runs',
            read: 'json',
            field: 'job_id',
            kind: 'job',
          },
        ],
      },
    ],
  },
  {
    tool: 'datadog',
    names: ['dog'],
    rules: [row('datadog.dog', 'metric post', { from: [0], role: 'writes', read: 'name', kind: 'metric' })],
  },
];

export const dataPrograms: readonly Program[] = [
  dbt,
  sqlmesh,
  aws,
  gsutil,
  s5cmd,
  hdfs,
  bq,
  ...clients,
  spark,
  ...remote,
];
