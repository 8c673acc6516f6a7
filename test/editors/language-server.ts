/** The real yaml-language-server, spoken to as an editor does: LSP over stdio. Nothing is downloaded. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import {
  CompletionRequest,
  ConfigurationRequest,
  createProtocolConnection,
  DidOpenTextDocumentNotification,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  MarkupContent,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type CompletionItem,
  type Position,
} from 'vscode-languageserver-protocol/node';

const require = createRequire(import.meta.url);
const program = require.resolve('yaml-language-server/bin/yaml-language-server');

/** Settings under `yaml` in an editor; no catalogue of schemas from the network. */
const settings = { schemaStore: { enable: false }, validate: true, completion: true, hover: true };

export interface Complaint {
  /** As an editor shows it, the first is 1:1. */
  readonly place: string;
  readonly message: string;
}

export interface Editor {
  /** Opens a text as a file of this path, which need not exist; the complaints come when the server has looked at it. */
  readonly open: (file: string, text: string) => Promise<readonly Complaint[]>;
  readonly complete: (file: string, position: Position) => Promise<readonly CompletionItem[]>;
  /** Markdown. */
  readonly hover: (file: string, position: Position) => Promise<string>;
  readonly close: () => Promise<void>;
}

export const startEditor = async (): Promise<Editor> => {
  const server = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => server.once('exit', resolve));
  const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  const waiting = new Map<string, (found: readonly Complaint[]) => void>();
  connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
    waiting.get(uri)?.(
      diagnostics.map(({ message, range: { start } }) => ({
        place: `${String(start.line + 1)}:${String(start.character + 1)}`,
        message: MarkupContent.is(message) ? message.value : message,
      })),
    );
  });
  connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(({ section }) => (section === 'yaml' ? settings : {})));
  connection.onRequest(RegistrationRequest.type, () => undefined);
  connection.listen();
  await connection.sendRequest(InitializeRequest.method, {
    processId: process.pid,
    workspaceFolders: null,
    capabilities: {
      workspace: { configuration: true },
      textDocument: {
        completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
        hover: { contentFormat: ['markdown'] },
        publishDiagnostics: {},
      },
    },
  });
  await connection.sendNotification(InitializedNotification.type, {});

  const uriOf = (file: string): string => pathToFileURL(file).href;
  return {
    open: async (file, text) => {
      const uri = uriOf(file);
      const complaints = new Promise<readonly Complaint[]>((resolve) => waiting.set(uri, resolve));
      await connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: 'yaml', version: 1, text },
      });
      return complaints;
    },
    complete: async (file, position) => {
      const found = await connection.sendRequest(CompletionRequest.type, { textDocument: { uri: uriOf(file) }, position });
      return Array.isArray(found) ? found : (found?.items ?? []);
    },
    hover: async (file, position) => {
      const found = await connection.sendRequest(HoverRequest.type, { textDocument: { uri: uriOf(file) }, position });
      return found !== null && MarkupContent.is(found.contents) ? found.contents.value : '';
    },
    close: async () => {
      await connection.sendRequest(ShutdownRequest.type);
      await connection.sendNotification(ExitNotification.type);
      connection.dispose();
      await exited;
    },
  };
};
