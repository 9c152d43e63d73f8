#!/usr/bin/perl
# Prepares Request Tracker 5 for the HRESULT Worker: a service user with its rights and token, and
# the scrip that tells the Worker of new tickets. Run it on the RT server, as the user RT runs as.
# It can be run again: what is there already is kept, and the scrip gets its newest code.
use strict;
use warnings;

use lib grep { -d } qw(/opt/rt5/local/lib /opt/rt5/lib /usr/local/share/request-tracker5/lib
    /usr/share/request-tracker5/lib);

use File::Basename qw(dirname);
use Getopt::Long;
use MIME::Base64 qw(encode_base64);

my $USAGE = <<"END";
perl request-tracker-setup.pl --queue NAME [--queue NAME ...]
  --queue       a queue whose new tickets are sent; several times for several queues
  --user        name of the service user (hresult-comments)
  --flag-field  makes a custom field with this name: "yes" when Microsoft must be contacted
  --public      the Worker may also reply to requestors (COMMENT_VISIBILITY=public)
  --new-token   revokes the token of an earlier run and makes another
END

my %option = ( user => 'hresult-comments' );
GetOptions( \%option, 'queue=s@', 'user=s', 'flag-field=s', 'public', 'new-token', 'help' )
    or die $USAGE;
die $USAGE if $option{'help'} || !$option{'queue'};

require RT;
RT::LoadConfig();
RT::Init();

my $NAME = 'HRESULT comments';
my @queues = map { load_queue($_) } @{ $option{'queue'} };
my $user   = service_user( $option{'user'} );
my $group  = service_group($user);
grant( $group, $_, qw(ShowTicket ShowTicketComments CommentOnTicket) ) for @queues;
if ( $option{'public'} ) { grant( $group, $_, 'ReplyToTicket' ) for @queues }
flag_field( $option{'flag-field'} ) if $option{'flag-field'};
scrip();
my ($token) = token( $user, $option{'new-token'} );

print "For the Worker:\n";
print "  REQUEST_TRACKER_URL=", RT->Config->Get('WebURL') =~ s{/$}{}r, "\n";
print '  REQUEST_TRACKER_TOKEN=', $token // '(as before; --new-token makes another)', "\n";
print "  REQUEST_TRACKER_FLAG_FIELD=$option{'flag-field'}\n" if $option{'flag-field'};
if ( my $secret = RT->Config->Get('HresultCommentsSecret') ) {
    print "  REQUEST_TRACKER_SECRETS=(as \$HresultCommentsSecret says)\n";
}
else {
    $secret = 'whsec_' . encode_base64( random_bytes(32), '' );
    print "  REQUEST_TRACKER_SECRETS=$secret\n";
    print "For RT_SiteConfig.pm (then restart RT):\n";
    print "  Set(\$HresultCommentsUrl,    'https://worker.example/webhooks/request-tracker');\n";
    print "  Set(\$HresultCommentsSecret, '$secret');\n";
    print "  Set(\$HresultCommentsUser,   '$option{'user'}');\n";
}

sub load_queue {
    my ($name) = @_;
    my $queue = RT::Queue->new( RT->SystemUser );
    $queue->Load($name);
    return $queue if $queue->Id;
    die "There is no queue '$name'.\n";
}

# Privileged, so that it can have rights; without a password, so that nobody signs in as it.
sub service_user {
    my ($name) = @_;
    my $user = RT::User->new( RT->SystemUser );
    $user->Load($name);
    return $user if $user->Id;
    check( $user->Create( Name => $name, RealName => $NAME, Privileged => 1 ) );
    return $user;
}

sub service_group {
    my ($user) = @_;
    my $group = RT::Group->new( RT->SystemUser );
    $group->LoadUserDefinedGroup($NAME);
    check( $group->CreateUserDefinedGroup( Name => $NAME ) ) unless $group->Id;
    check( $group->AddMember( $user->PrincipalId ) )
        unless $group->HasMember( $user->PrincipalId );
    return $group;
}

sub grant {
    my ( $group, $object, @rights ) = @_;
    for my $right (@rights) {
        next if $group->PrincipalObj->HasRight( Right => $right, Object => $object );
        check( $group->PrincipalObj->GrantRight( Right => $right, Object => $object ) );
    }
}

# One value, "yes" or "no". Those who work on tickets may see it; only the service user sets it.
sub flag_field {
    my ($name) = @_;
    my $field = RT::CustomField->new( RT->SystemUser );
    $field->LoadByName( Name => $name, LookupType => 'RT::Queue-RT::Ticket' );
    unless ( $field->Id ) {
        check( $field->Create(
            Name       => $name,
            Type       => 'Select',
            MaxValues  => 1,
            LookupType => 'RT::Queue-RT::Ticket',
        ) );
        check( $field->AddValue( Name => $_ ) ) for qw(yes no);
    }
    for my $queue (@queues) {
        next if $field->IsGlobal || $field->IsAdded( $queue->Id );
        check( $field->AddToObject($queue) );
    }
    grant( $group, $field, qw(SeeCustomField ModifyCustomField) );
    my $staff = RT::Group->new( RT->SystemUser );
    $staff->LoadSystemInternalGroup('Privileged');
    grant( $staff, $field, 'SeeCustomField' );
}

sub scrip {
    my $file = dirname(__FILE__) . '/request-tracker-scrip.pl';
    open my $handle, '<:encoding(UTF-8)', $file or die "$file: $!\n";
    my $code = do { local $/; <$handle> };

    my $scrip = RT::Scrip->new( RT->SystemUser );
    $scrip->LoadByCols( Description => $NAME );
    if ( $scrip->Id ) {
        check( $scrip->SetCustomCommitCode($code) ) if $scrip->CustomCommitCode ne $code;
    }
    else {
        check( $scrip->Create(
            Description       => $NAME,
            Queue             => $queues[0]->Id,
            ScripCondition    => 'On Create',
            ScripAction       => 'User Defined',
            Template          => 'Blank',
            Stage             => 'TransactionBatch',
            CustomPrepareCode => 'return 1;',
            CustomCommitCode  => $code,
        ) );
    }
    for my $queue (@queues) {
        next if $scrip->IsGlobal || $scrip->IsAdded( $queue->Id );
        check( $scrip->AddToObject( ObjectId => $queue->Id, Stage => 'TransactionBatch' ) );
    }
}

# The new token, which RT shows only once; undef when the one of an earlier run is kept.
sub token {
    my ( $user, $renew ) = @_;
    my $tokens = RT::AuthTokens->new( RT->SystemUser );
    $tokens->LimitOwner( VALUE => $user->Id );
    my @earlier = grep { $_->Description eq $NAME } @{ $tokens->ItemsArrayRef };
    return if @earlier && !$renew;
    check( $_->Delete ) for @earlier;
    my $token = RT::AuthToken->new( RT->SystemUser );
    my ( $id, $message, $text )
        = $token->Create( Owner => $user->Id, Description => $NAME );
    check( $id, $message );
    return $text;
}

sub random_bytes {
    my ($count) = @_;
    open my $handle, '<:raw', '/dev/urandom' or die "/dev/urandom: $!\n";
    my $bytes = '';
    die "/dev/urandom: too short\n" unless $count == read $handle, $bytes, $count;
    return $bytes;
}

sub check {
    my ( $ok, $message ) = @_;
    die( ( $message // 'RT refuses' ) . "\n" ) unless $ok;
}
