// Tells the HRESULT Worker of a new incident.
//
// A business rule on the table incident: advanced, when "async", on insert. The incident is saved
// before this runs. Whatever fails here is logged and forgotten: the incident stays as it is, and
// the Worker can be told again by hand.
//
// Three system properties say where to and how to sign (without them nothing is sent):
//   hresult_comments.url     https://worker.example.com/webhooks/servicenow
//   hresult_comments.secret  whsec_..., of the type "password2"
//   hresult_comments.user    the name of the service user, such as hresult-comments
(function executeRule(current) {
  // What ServiceNow gives may be a string of Java, which is never === one of JavaScript.
  var url = String(gs.getProperty('hresult_comments.url') || '');
  var secret = String(gs.getProperty('hresult_comments.secret') || '');
  var user = String(gs.getProperty('hresult_comments.user') || 'hresult-comments');
  // Milliseconds. Nobody waits for this rule, but the queue that it runs in does.
  var timeout = 5000;
  if (!url || !secret || String(current.getValue('sys_created_by')) === user) return;

  try {
    var sysId = String(current.getUniqueValue());
    // The text is left out: the Worker fetches it, with the comments and files that come with it.
    var body = JSON.stringify({
      type: 'ticket.created',
      timestamp: new Date().toISOString(),
      data: { ticket: { id: sysId } },
    });
    var id = 'servicenow-' + sysId;
    var time = String(Math.floor(new Date().getTime() / 1000));
    var key = secret.replace(/^whsec_/, '');
    var signature = new GlideCertificateEncryption()
      .generateMac(key, 'HmacSHA256', id + '.' + time + '.' + body);

    var message = new sn_ws.RESTMessageV2();
    // Else whatever looks like a variable in the body would be replaced.
    message.disableForcedVariableSubstitution();
    message.setEndpoint(url);
    message.setHttpMethod('POST');
    message.setHttpTimeout(timeout);
    message.setRequestHeader('Content-Type', 'application/json');
    message.setRequestHeader('webhook-id', id);
    message.setRequestHeader('webhook-timestamp', time);
    message.setRequestHeader('webhook-signature', 'v1,' + signature);
    message.setRequestBody(body);
    var status = message.execute().getStatusCode();
    if (status < 200 || status > 299) throw new Error('status ' + status);
  } catch (error) {
    // What ServiceNow says may quote an address: only our own words are logged.
    var why = /^status \d+$/.test(error.message) ? error.message : 'no answer';
    gs.warn('HRESULT comments: incident ' + current.getValue('number') + ' was not sent: ' + why);
  }
})(current);
