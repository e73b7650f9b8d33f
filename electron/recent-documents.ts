/** @file Main process: what was added to the library, in the system's list of recent documents. */
import { app } from 'electron';
import { contract } from '../core/api/contract.ts';
import type { LiveHost } from '../core/host/live-host.ts';

/** A whole drop of photos would push everything else out of the list. */
const most = 5;

/** The same host, which notes what calls of `library.add` succeeded with. */
export function noteRecentDocuments(host: LiveHost): LiveHost {
  return {
    ...host,
    async dispatch(noun, verb, params) {
      const outcome = await host.dispatch(noun, verb, params);
      if (noun === 'library' && verb === 'add' && outcome.ok) {
        const asked = contract.library.add.params.parse(params);
        for (const grant of asked.grants.slice(0, most)) app.addRecentDocument(host.grants.resolve(grant));
      }
      return outcome;
    },
  };
}
