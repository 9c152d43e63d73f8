# Tells the HRESULT Worker of a new ticket.
#
# Commit code of a scrip: condition "On Create", action "User Defined", template "Blank", stage "Batch".
# The ticket is saved before this runs. Whatever fails here is logged and forgotten: the ticket stays
# as it is, and the Worker can be told again by hand.
#
# Three lines in RT_SiteConfig.pm say where to and how to sign (without them nothing is sent):
#   Set($HresultCommentsUrl,    'https://worker.example/webhooks/request-tracker');
#   Set($HresultCommentsSecret, 'whsec_...');
#   Set($HresultCommentsUser,   'hresult-comments');

my $url    = RT->Config->Get('HresultCommentsUrl');
my $secret = RT->Config->Get('HresultCommentsSecret');
my $user   = RT->Config->Get('HresultCommentsUser') || 'hresult-comments';

# Seconds. Whoever files the ticket waits this long, at most, while the Worker is away.
my $timeout = 3;
# A longer text is left out, and fetched by the Worker, which takes no request over 1 MiB; so is one
# with files beside it, which the Worker then reads together.
my $max_bytes = 900_000;

my $txn    = $self->TransactionObj;
my $ticket = $self->TicketObj;
return 1 unless $url && $secret;
return 1 if ( $txn->CreatorObj->Name // '' ) eq $user;

my $sent = eval {
    local $SIG{__DIE__} = 'DEFAULT';
    require Digest::SHA;
    require JSON;
    require LWP::UserAgent;
    require MIME::Base64;

    my $content   = $txn->ContentObj( Type => 'text/plain' );
    my $is_html   = $content && ( $content->ContentType // '' ) =~ m{^text/html}i;
    my $requestor = $ticket->Requestors->UserMembersObj->First;
    my $locale    = $requestor && $requestor->Lang;

    my %fields = (
        id      => '' . $ticket->Id,
        subject => $ticket->Subject // '',
        body    => $content ? $content->Content // '' : '',
        format  => $is_html ? 'html' : 'text',
    );
    ( $fields{'locale'} = $locale ) =~ tr/_/-/ if $locale;

    my $time    = time;
    my $created = $txn->CreatedObj->W3CDTF( Timezone => 'UTC' );
    my $to_body = sub {
        JSON::encode_json(
            { type => 'ticket.created', timestamp => $created, data => { ticket => \%fields } } );
    };
    my $has_files = grep { length( $_->Filename // '' ) } @{ $txn->Attachments->ItemsArrayRef };
    my $body      = $to_body->();
    if ( $has_files || length $body > $max_bytes ) {
        delete $fields{'body'};
        $body = $to_body->();
    }

    my $id  = 'rt-transaction-' . $txn->Id;
    my $key = MIME::Base64::decode_base64( $secret =~ s/^whsec_//r );
    my $signature
        = MIME::Base64::encode_base64( Digest::SHA::hmac_sha256( "$id.$time.$body", $key ), '' );

    # The limit of LWP starts again with each piece of an answer; the alarm ends the whole call.
    my $agent = LWP::UserAgent->new( timeout => $timeout, max_redirect => 0 );
    local $SIG{ALRM} = sub { die "no answer\n" };
    alarm $timeout;
    my $answer = $agent->post(
        $url,
        'Content-Type'      => 'application/json; charset=utf-8',
        'webhook-id'        => $id,
        'webhook-timestamp' => $time,
        'webhook-signature' => "v1,$signature",
        'Content'           => $body,
    );
    alarm 0;
    # What LWP reports of itself bears this header, and a status that nobody has sent.
    die "no answer\n" if $answer->header('Client-Warning');
    die 'status ' . $answer->code . "\n" unless $answer->is_success;
    1;
};
my $error = $@;
alarm 0;
unless ($sent) {
    # What LWP or RT say may quote an address or a ticket: only our own words are logged.
    my $why = $error =~ /^(status \d+|no answer)$/ ? $1 : 'an error before sending';
    RT->Logger->warning( 'HRESULT comments: ticket ' . $ticket->Id . " was not sent: $why" );
}
return 1;
