/** The parts of dockerode 5 that are used, with the Engine API's own names; the package brings no types. */
declare module 'dockerode' {
  import type { Duplex, Readable } from 'node:stream';

  export interface Labels {
    [name: string]: string;
  }
  export interface ExecBody {
    AttachStdin: boolean;
    AttachStdout: boolean;
    AttachStderr: boolean;
    Tty: boolean;
    Cmd: string[];
    Env: string[];
    WorkingDir: string;
    User?: string;
  }
  export interface Exec {
    start(options: { hijack: true; stdin: true; abortSignal?: AbortSignal }): Promise<Duplex>;
    start(options: { abortSignal?: AbortSignal }): Promise<Readable>;
    inspect(): Promise<{ Running: boolean; ExitCode: number | null }>;
  }
  export interface Container {
    readonly id: string;
    start(): Promise<unknown>;
    inspect(): Promise<{ State: { Running: boolean; ExitCode: number; OOMKilled: boolean } }>;
    exec(body: ExecBody): Promise<Exec>;
    restart(options: { t: number }): Promise<unknown>;
    remove(options: { force: boolean; v: boolean }): Promise<unknown>;
    commit(options: { repo: string; tag: string; changes: string[] }): Promise<unknown>;
  }
  export interface ListedContainer {
    Id: string;
    Labels: Labels;
    State: string;
  }
  export interface EngineInfo {
    ServerVersion: string;
    OperatingSystem: string;
    SecurityOptions?: string[] | null;
    MemoryLimit?: boolean;
    PidsLimit?: boolean;
  }
  class Docker {
    constructor(
      options: (
        | { socketPath: string; host: undefined; port: undefined }
        | { socketPath: undefined; host: string; port: number }
      ) & {
        protocol: 'http' | 'https';
        ca: Buffer | undefined;
        cert: Buffer | undefined;
        key: Buffer | undefined;
        pathPrefix: undefined;
        timeout: undefined;
      },
    );
    info(options: { abortSignal: AbortSignal }): Promise<EngineInfo>;
    getImage(name: string): {
      inspect(): Promise<{ Id: string; Config?: { Env?: string[] | null; User?: string } | null }>;
    };
    pull(name: string): Promise<Readable>;
    createContainer(options: { _query: { name: string }; _body: object }): Promise<Container>;
    getContainer(id: string): Container;
    listContainers(options: { all: boolean; filters: { label: string[] } }): Promise<ListedContainer[]>;
  }
  export { Docker as default };
}
