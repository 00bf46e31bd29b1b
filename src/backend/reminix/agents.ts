import { isObject, parseJson, type JsonObject } from '../json.ts';
import type { Call, Reply, Route } from '../routes.ts';
import { forClient, forProject, type Doors } from './caller.ts';
import { invalid, notFound } from './errors.ts';

/** Invoking is what the credentials are for: a project's server does it in its own name, a browser with a client token. */
export function agentRoutes(doors: Doors): readonly Route[] {
  return [
    {
      name: 'agents.invoke',
      method: 'POST',
      path: '/v1/agents/:name/invoke',
      handle: forProject(doors, (call) => invoke(call, null)),
    },
    {
      name: 'client-agents.invoke',
      method: 'POST',
      path: '/client/agents/:name/invoke',
      handle: forClient(doors, 'agents:invoke', (call, { serverContext }) => invoke(call, serverContext)),
    },
  ];
}

/** The one agent that every project has: it says what it was told, and whether it was given a server context, of which it shows nothing. */
const DEMO_AGENT = 'echo';

function invoke(call: Call, serverContext: JsonObject | null): Reply {
  if (call.params['name'] !== DEMO_AGENT) throw notFound(`There is no such agent; the demo agent is called "${DEMO_AGENT}".`);
  const body = parseJson(call.body);
  const input = isObject(body) ? body['input'] : undefined;
  if (!isObject(input)) throw invalid('The body must be {"input": {...}}.');
  return { status: 200, body: { output: { echo: input, knows_context: serverContext !== null } } };
}
