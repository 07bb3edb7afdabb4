/** Provider-side tools that a switch turns on. */
export type BuiltinTool = 'web_search' | 'code_execution' | 'web_fetch' | 'image_generation' | 'computer_use';

/** How a provider is to deal with tools and what it offers itself; what is left out is not used. */
export interface ProviderFeatures {
  /** The provider holds its model to the schemas of tools. */
  strictTools?: boolean;
  /** How the model finds tools that it is not shown at once. */
  toolSearch?: 'regex' | 'bm25';
  /** Code that the model writes, and the provider runs, may call tools. */
  codeCallsTools?: boolean;
  /** Tool servers that the provider itself calls. Values may be secrets. */
  hostedServers?: HostedServer[];
  /** Stores of documents at the provider, by id, that its file search looks into. */
  vectorStores?: string[];
  /** Documents that go along with the question are put into a store at the provider, for as long as the run lasts. */
  fileSearch?: true;
}

export interface HostedServer {
  name: string;
  url: string;
  /** A token that the provider hands on; null for an open server. */
  token: string | null;
  /** Null allows every tool. */
  allowedTools: string[] | null;
}
