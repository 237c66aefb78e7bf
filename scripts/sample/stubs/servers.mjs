// Owns the stand-ins for S3, Databricks and the Datadog agent that answer the sample's tasks while it is recorded.
import { spawn } from 'node:child_process';
import dgram from 'node:dgram';
import {
  appendFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const jobId = 411;
const host = 'https://acme.cloud.databricks.com';

/** S3 as boto3 asks for it here: objects are put, read and looked at, one file each under `folder`. */
function s3(folder) {
  return http.createServer((request, response) => {
    const file = path.join(folder, decodeURIComponent(new URL(request.url, 'http://s3').pathname));
    if (request.method === 'PUT') {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, Buffer.concat(parts));
        response.writeHead(200, { ETag: '"recorded"' }).end();
      });
      return;
    }
    if (!existsSync(file)) {
      const body =
        '<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>';
      response.writeHead(404, { 'Content-Type': 'application/xml' }).end(request.method === 'HEAD' ? '' : body);
      return;
    }
    response.writeHead(200, { 'Content-Length': statSync(file).size, ETag: '"recorded"' });
    if (request.method === 'HEAD') response.end();
    else createReadStream(file).pipe(response);
  });
}

/** Databricks Jobs as its Airflow operator asks for it: finds the job by name, starts it, asks until it is over. */
function databricks(python, checkout) {
  const runs = new Map();
  return http.createServer(async (request, response) => {
    const url = new URL(request.url, 'http://databricks');
    const answer = (body) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname.endsWith('/jobs/list')) {
      answer({
        jobs: [{ job_id: jobId, settings: { name: 'score-churn' }, creator_user_name: 'dana@acme.example' }],
        has_more: false,
      });
    } else if (url.pathname.endsWith('/jobs/run-now')) {
      let text = '';
      for await (const part of request) text += part;
      const id = nextRun();
      const run = { start_time: Date.now(), state: { life_cycle_state: 'RUNNING', state_message: '' } };
      runs.set(id, run);
      const child = spawn(python, ['-m', 'churn.scoring', JSON.parse(text).job_parameters.day], {
        cwd: checkout,
        stdio: 'inherit',
      });
      child.on('close', (code) => {
        run.state = {
          life_cycle_state: 'TERMINATED',
          result_state: code === 0 ? 'SUCCESS' : 'FAILED',
          state_message: '',
        };
        run.end_time = Date.now();
      });
      answer({ run_id: id, number_in_job: id });
    } else if (url.pathname.endsWith('/jobs/runs/get')) {
      const id = Number(url.searchParams.get('run_id'));
      answer({
        job_id: jobId,
        run_id: id,
        run_name: 'score-churn',
        run_page_url: `${host}/#job/${jobId}/run/${id}`,
        tasks: [],
        ...runs.get(id),
      });
    } else {
      response
        .writeHead(404, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ error_code: 'ENDPOINT_NOT_FOUND', message: url.pathname }));
    }
  });
}

/** Run ids go on counting when the stand-in is started again for the next deployment. */
function nextRun() {
  const file = path.join(process.env.RECORD_HOME ?? '', 'databricks-runs');
  const id = (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 90200) + 1;
  writeFileSync(file, String(id));
  return id;
}

/** The Datadog agent's statsd port; what arrives is kept so that the recorder can see that it did. */
function statsd(file) {
  return dgram.createSocket('udp4').on('message', (message) => appendFileSync(file, `${message}\n`));
}

const { RECORD_HOME, RECORD_PYTHON, RECORD_CHECKOUT, S3_PORT, DATABRICKS_PORT, STATSD_PORT } = process.env;
s3(path.join(RECORD_HOME, 's3')).listen(Number(S3_PORT), '127.0.0.1');
databricks(RECORD_PYTHON, RECORD_CHECKOUT).listen(Number(DATABRICKS_PORT), '127.0.0.1');
statsd(path.join(RECORD_HOME, 'statsd.txt')).bind(Number(STATSD_PORT), '127.0.0.1');
