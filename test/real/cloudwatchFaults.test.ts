// CloudWatch Logs through a proxy that misbehaves as AWS, and what stands before it, do: what was known stays, the reason says what to do, all comes back.
import { html, json, rewritten } from '../faults/answers.ts';
import type { Asked, Fault, Reply } from '../faults/proxy.ts';
import { passed } from '../faults/table.ts';
import { awsFaults, motoOfFile, polls, type Row, resting } from './awsFaults.ts';

const moto = motoOfFile((started) => started.script('cloudwatch_fill.py'));

function refused(status: number, type: string): Reply {
  return json(
    status,
    { __type: type, message: `What ${type} says.` },
    { 'content-type': 'application/x-amz-json-1.1' },
  );
}

/** Of one group, which the question names in its body. */
function onGroup(group: string, fault: Fault): Fault {
  return (asked: Asked, pass) => (asked.body.includes(`"${group}"`) ? fault(asked, pass) : passed(pass));
}

const rows: readonly Row[] = [
  {
    name: 'the token has expired',
    fault: () => () => refused(400, 'ExpiredTokenException'),
    health: ['forbidden', 'failing'],
    says: /ExpiredToken.*is over.*Store another key/,
    most: resting,
  },
  {
    name: 'the key is not known',
    fault: () => () => refused(400, 'UnrecognizedClientException'),
    health: ['forbidden', 'failing'],
    says: /UnrecognizedClient/,
    most: resting,
  },
  {
    name: 'nothing may be listed',
    fault: () => () => refused(400, 'AccessDeniedException'),
    health: ['forbidden', 'failing'],
    says: /AccessDenied.*logs:DescribeLogGroups/,
    most: resting,
  },
  {
    name: 'the streams of one group may not be listed',
    fault: () => onGroup('/ec2/scoring', () => refused(400, 'AccessDeniedException')),
    health: ['fresh', 'forbidden', 'failing'],
    says: /AccessDenied/,
    most: polls,
  },
  {
    name: 'one group is gone',
    fault: () => onGroup('/ec2/scoring', () => refused(400, 'ResourceNotFoundException')),
    health: ['fresh', 'failing'],
    says: /\/ec2\/scoring/,
    most: polls,
  },
  {
    name: 'asked too often',
    fault: () => () => refused(400, 'ThrottlingException'),
    health: ['failing'],
    says: /Throttling/,
    most: resting,
  },
  { name: '500', fault: () => () => refused(500, 'InternalFailure'), health: ['failing'], says: /500/, most: resting },
  {
    name: '503',
    fault: () => () => refused(503, 'ServiceUnavailableException'),
    health: ['failing'],
    says: /503/,
    most: resting,
  },
  {
    name: 'no answer at all',
    fault: () => () => ({ kind: 'hang' }),
    health: ['failing'],
    says: /sent nothing|did not finish/,
    impatient: true,
    most: resting,
  },
  {
    name: 'the connection is cut in the middle of an answer',
    fault: () => async (_asked, pass) => ({ kind: 'cut', answer: await pass(), bytes: 20 }),
    health: ['failing'],
    says: /127\.0\.0\.1/,
    most: resting,
  },
  {
    name: 'half an answer',
    fault: () => rewritten((body) => body.slice(0, body.length / 2)),
    health: ['failing'],
    says: /127\.0\.0\.1/,
    most: resting,
  },
  {
    name: 'a page to log in',
    fault: () => () => html(200, '<html><head><title>Sign in</title></head><body>Please sign in</body></html>'),
    health: ['failing'],
    says: /127\.0\.0\.1/,
    most: resting,
  },
  {
    name: 'a page that comes again and again',
    fault: () => rewritten((body) => body.replace(/"logStreams":/, '"nextToken":"again","logStreams":')),
    health: ['fresh'],
    most: polls,
  },
  {
    name: 'times and sizes that are none',
    fault: () =>
      rewritten((body) => body.replace(/"(\w*[tT]ime\w*|storedBytes|retentionInDays)":\s*\d+/g, '"$1":"yesterday"')),
    health: ['fresh', 'failing'],
    most: polls,
  },
  {
    name: 'another program answers with JSON',
    fault: () => () => json(200, { logGroups: { of: 'somebody else' }, logStreams: 7, events: 'none' }),
    health: ['fresh', 'failing'],
    most: polls,
  },
];

awsFaults(rows, moto, {
  config: { tool: 'cloudwatch', region: 'eu-west-1', watch: ['/ec2/scoring', 'airflow-Prod'] },
  known(catalog) {
    const hosts = catalog.list('host', 100).flatMap(({ id, goneAt }) => (goneAt === undefined ? [id] : []));
    return [...hosts, ...hosts.flatMap((id) => catalog.runs(id, { limit: 100 }).map((run) => run.id))].sort();
  },
  least: 3,
  mostAtRandom: 200,
});
