/** `enlarger queue run`. */
import type { ExitCode } from './exit-codes.ts';
import { formatCount } from './format.ts';
import type { Io } from './io.ts';
import type { LibraryFlags } from './library-options.ts';
import { workOnLibrary } from './work-command.ts';

/** Works until the queue is empty, is paused, or the command is interrupted: then the photo at work goes back into the queue. */
export async function runQueue(io: Io, flags: LibraryFlags): Promise<ExitCode> {
  return await workOnLibrary(
    io,
    flags,
    {
      kinds: ['enhance', 'export', 'thumbnail'],
      // Results lie in the cache: that is no place to look for them.
      shown: (event) => (event.type === 'done' && !isFile(event.output) ? { ...event, output: '' } : event),
    },
    async ({ place, lines, signal, say }) => {
      const { paused, counts } = place.queue.status();
      if (paused) say('The queue is paused; "enlarger queue resume" lets it go on.');
      else if (counts.queued === 0) say('The queue is empty; "enlarger queue add" fills it.');
      const { left } = await place.queue.run(signal);
      if (lines.summary().done > 0) say('"enlarger review list" shows what was made.');
      if (left > 0) say(`${formatCount(left, 'job')} left in the queue.`);
    },
  );
}

/** Of exports, whose names end with an extension; a result's folder is called by its key. */
function isFile(output: string): boolean {
  return !/[\\/][0-9a-f]{64}$/.test(output);
}
