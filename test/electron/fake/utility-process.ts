/** Electron's utility process: one that a test plays, or a real child of plain Node behind the same interface. */
import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type * as Electron from 'electron';

export interface Forked {
  readonly entry: string;
  readonly args: readonly string[] | undefined;
  readonly options: Electron.ForkOptions;
}

export class FakeUtilityProcess extends EventEmitter implements Pick<Electron.UtilityProcess, 'postMessage' | 'kill'> {
  readonly forked: Forked;
  readonly posted: unknown[] = [];
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  pid: number | undefined;
  kills = 0;

  constructor(forked: Forked) {
    super();
    this.forked = forked;
  }
  postMessage(message: unknown): void {
    this.posted.push(structuredClone(message));
  }
  spawn(pid: number): void {
    this.pid = pid;
    this.emit('spawn');
  }
  /** As in Electron, nothing happens to one that does not run yet. */
  kill(): boolean {
    if (this.pid === undefined) return false;
    this.kills += 1;
    return true;
  }
  end(code: number): void {
    this.pid = undefined;
    this.emit('exit', code);
  }
}

/** Those that were started, oldest first. */
export const forked: FakeUtilityProcess[] = [];
export const playedUtilityProcess = {
  fork(entry: string, args?: string[], options: Electron.ForkOptions = {}): FakeUtilityProcess {
    const child = new FakeUtilityProcess({ entry, args, options });
    forked.push(child);
    return child;
  },
};

/** Real processes, with the messages of `child_process` in place of Electron's port. */
export const nodeUtilityProcess = {
  fork(entry: string, args: string[] = [], options: Electron.ForkOptions = {}): EventEmitter {
    const child = fork(entry, args, {
      cwd: options.cwd,
      env: options.env as NodeJS.ProcessEnv,
      execArgv: options.execArgv ?? [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    return Object.assign(new NodeUtilityProcess(child), { stdout: child.stdout, stderr: child.stderr });
  },
};

class NodeUtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    super();
    this.#child = child;
    child.on('spawn', () => this.emit('spawn'));
    child.on('message', (message) => this.emit('message', message));
    child.on('exit', (code) => this.emit('exit', code ?? 1));
  }
  get pid(): number | undefined {
    return this.#child.pid;
  }
  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object, () => undefined);
  }
  kill(): boolean {
    return this.#child.kill('SIGKILL');
  }
}
