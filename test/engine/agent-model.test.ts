import { expect, test } from 'vitest';
import { AgentModel } from '../../src/engine/agent-model.ts';
import { CircuitBreaker } from '../../src/providers/limits/circuit-breaker.ts';
import { RateLimiter } from '../../src/providers/limits/rate-limiter.ts';
import { RequestGate } from '../../src/providers/limits/request-gate.ts';
import { createProvider } from '../../src/providers/create.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { testBackend } from '../providers/backend.ts';

const clock = createRealClock();

function modelThat(create: ConstructorParameters<typeof AgentModel>[1]['create']): AgentModel {
  const gate = new RequestGate(new RateLimiter({}, null), new CircuitBreaker());
  return new AgentModel({ id: 'one', systemMessage: null, backend: testBackend() }, { create, gate, switches: 0 });
}

test('those who need a model at the same time get one connection', async () => {
  let made = 0;
  const model = modelThat(({ backend }) => {
    made += 1;
    return createProvider(backend, { clock });
  });
  await Promise.all([model.connect(), model.connect()]);
  await model.connect();
  expect(made).toBe(1);
});

test('a connection that failed is tried again', async () => {
  let made = 0;
  const model = modelThat(({ backend }) => {
    made += 1;
    return made === 1 ? Promise.reject(new Error('A module is missing.')) : createProvider(backend, { clock });
  });
  await expect(model.connect()).rejects.toThrow('A module is missing.');
  await model.connect();
  expect(model.provider.model).toBe(testBackend().model);
});
