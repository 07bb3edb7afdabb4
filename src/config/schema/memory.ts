import * as z from 'zod';
import { atLeastOne, flag, planned, share, text } from './key.ts';

const model = z.object({
  provider: planned(text, 'Provider of the model.'),
  model: planned(text, 'Name of the model.'),
  api_key: planned(text, 'Key, best written as `${VARIABLE}`.'),
});

/** Long and short memory, for all agents or for one. */
export const memory = z.object({
  enabled: planned(flag, 'Turns memory on.'),
  conversation_memory: planned(z.object({ enabled: planned(flag, 'Keep the conversation.') }), 'Short memory.'),
  persistent_memory: planned(
    z.object({
      enabled: planned(flag, 'Keep facts between sessions.'),
      agent_name: planned(text, 'Whose memory it is; the agent’s id if left out.'),
      session_name: planned(text, 'Which session it belongs to.'),
      on_disk: planned(flag, 'Keep it on disk.'),
      path: planned(text, 'Folder of the store.'),
      vector_store: planned(text, 'Kind of store.'),
      llm: planned(model, 'Model that extracts facts.'),
      embedding: planned(model, 'Model that makes embeddings.'),
      qdrant: planned(
        z.object({
          mode: planned(z.enum(['local', 'server']), 'Store in a folder or on a server.'),
          host: planned(text, 'Host of the server.'),
          port: planned(z.number().int().min(1).max(65_535), 'Port of the server.'),
        }),
        'The vector store.',
      ),
    }),
    'Long memory.',
  ),
  compression: planned(
    z.object({
      trigger_threshold: planned(share, 'Filled share of the context at which older messages are compressed.'),
      target_ratio: planned(share, 'Filled share afterwards.'),
    }),
    'When older messages are compressed.',
  ),
  retrieval: planned(
    z.object({
      limit: planned(atLeastOne, 'Facts per request.'),
      exclude_recent: planned(flag, 'Leave out what the conversation holds anyway.'),
    }),
    'What is remembered.',
  ),
  recording: planned(
    z.object({
      record_all_tool_calls: planned(flag, 'Remember tool calls.'),
      record_reasoning: planned(flag, 'Remember thinking.'),
    }),
    'What is kept.',
  ),
});
