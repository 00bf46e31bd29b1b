import { escapeHtml, pageDocument } from '../../render/page.ts';

interface DevicePage {
  readonly providerName: string;
  readonly action: string;
  /** Ties the form to this browser. */
  readonly xsrf: string;
  readonly userCode: string;
}

/** Asks for the code that a device shows. `userCode` is filled in already where the address carried it. */
export function deviceCodePage(page: DevicePage & { readonly problem?: string }): string {
  const { problem } = page;
  const described = problem === undefined ? '' : ' autofocus aria-invalid="true" aria-describedby="code-problem"';
  return pageDocument(
    `${problem === undefined ? '' : 'Error: '}Sign in a device to ${page.providerName}`,
    `
<h1>Sign in a device to ${escapeHtml(page.providerName)}</h1>
<form method="post" action="${escapeHtml(page.action)}">
<input type="hidden" name="xsrf" value="${escapeHtml(page.xsrf)}">
<label for="user_code">Code that the device shows</label>
<input id="user_code" name="user_code" type="text" value="${escapeHtml(page.userCode)}" autocomplete="off" autocapitalize="characters" spellcheck="false" required maxlength="40"${described}>
${problem === undefined ? '' : `<p class="wrong" id="code-problem" role="alert">${escapeHtml(problem)}</p>`}
<button type="submit" class="main" id="continue">Continue</button>
</form>
<p class="quiet">Go on only if you started this yourself. Nobody else has a reason to send you a code.</p>`,
  );
}

/** Shows the code once more before anybody signs in: who followed a link has not typed it (RFC 8628 section 3.3.1). */
export function deviceConfirmPage(page: DevicePage & { readonly clientName: string }): string {
  return pageDocument(
    `Is this your device? - ${page.providerName}`,
    `
<h1>Does your device show ${escapeHtml(page.userCode)}?</h1>
<p><strong>${escapeHtml(page.clientName)}</strong> wants to be signed in to ${escapeHtml(page.providerName)} there.</p>
<form method="post" action="${escapeHtml(page.action)}">
<input type="hidden" name="xsrf" value="${escapeHtml(page.xsrf)}">
<input type="hidden" name="user_code" value="${escapeHtml(page.userCode)}">
<button type="submit" class="main" id="confirm" name="confirm" value="yes">Yes, it is mine</button>
<button type="submit" id="abort" name="abort" value="yes">No</button>
</form>`,
  );
}
