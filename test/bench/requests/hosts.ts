// The real sshd of the requests bench: how many questions a host is asked, counted on the host.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ssh } from '../../../server/connectors/ssh/index.ts';
import { LiveWindow } from '../../support/liveWindow.ts';
import { quiet } from '../../support/outgoing.ts';
import { SimulatedClock } from '../../support/simulatedClock.ts';
import { tracked, watchedHost } from '../../support/watchedSshd.ts';
import { progress } from './counter.ts';
import type { Counted, hours } from './everyTool.ts';

export async function hostsCounted(folder: string, measure: typeof hours): Promise<readonly Counted[]> {
  const counted: Counted[] = [];
  for (const size of [20, 400]) {
    progress(`ssh: ${size} logs`);
    const host = await watchedHost();
    const { factory, isAsking } = tracked(ssh);
    try {
      for (let n = 0; n < size; n += 1) writeFileSync(path.join(host.logs, `score-${n}x.log`), 'one line\n');
      const window = new LiveWindow({
        file: path.join(folder, `ssh-${size}.db`),
        clock: new SimulatedClock(Date.now()),
        config: {
          ...{ name: 'host', tool: 'ssh', url: host.url, logs: [`${host.logs}/*.log`] },
          sshConfigFile: host.world.configFile,
        },
        connectors: [factory],
        async quiet() {
          do {
            await quiet();
            if (isAsking()) await pause(2);
          } while (isAsking());
        },
      });
      const count = async () => host.asked();
      counted.push({ tool: 'ssh', server: 'OpenSSH', size, ...(await measure(window, count)) });
    } finally {
      host.stop();
    }
  }
  return counted;
}
