// A fake CloudWatch Logs on loopback with one log group and one stream, for whoever signs with the right key id; AWS's own client asks it.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeCloudWatch {
  readonly url: string;
  /** Regions that requests were signed for. */
  readonly regions: Set<string>;
  close(): Promise<void>;
}

export const accessKey = { id: 'AKIDEXAMPLE', secret: 'secret-of-the-test' } as const;

/** `now`: epoch ms. Operations and errors as docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference has them, read 2026-11. */
export async function fakeCloudWatch(now: number): Promise<FakeCloudWatch> {
  const regions = new Set<string>();
  const group = {
    logGroupName: '/ec2/scoring',
    storedBytes: 1200,
    creationTime: now - 86_400_000,
    retentionInDays: 14,
  };
  const stream = { logStreamName: 'i-0abc123', firstEventTimestamp: now - 3_600_000, lastEventTimestamp: now - 60_000 };
  const answers: Readonly<Partial<Record<string, object>>> = {
    DescribeLogGroups: { logGroups: [group] },
    DescribeLogStreams: { logStreams: [stream] },
    GetLogEvents: { events: [] },
    FilterLogEvents: { events: [] },
  };
  const server = http.createServer((request, response) => {
    const [, id, region = ''] =
      /Credential=([^/]+)\/\d+\/([^/]+)\/logs\/aws4_request/.exec(request.headers.authorization ?? '') ?? [];
    const send = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    };
    request.resume().on('end', () => {
      if (id !== accessKey.id)
        return send(400, {
          __type: 'UnrecognizedClientException',
          message: 'The security token included in the request is invalid.',
        });
      regions.add(region);
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      const answer = answers[operation];
      return send(answer ? 200 : 400, answer ?? { __type: 'UnknownOperationException' });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, regions },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
