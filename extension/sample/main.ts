// The command line around unpackSample, for starting without the extension: node main.ts ARCHIVE FOLDER.
import { unpackSample } from './unpack.ts';

const [archive, target] = process.argv.slice(2);
if (!archive || !target) {
  console.error('usage: node extension/sample/main.ts ARCHIVE FOLDER');
  process.exitCode = 2;
} else {
  try {
    const { folder } = await unpackSample(archive, target, new Date(), (message) => console.error(message));
    console.log(folder);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
