#!/usr/bin/env perl
# Answers for a server that has no data yet, at the port where that one will listen: whoever connects as a client of PostgreSQL is told
# "no data here", and the name of its volume. It ends with the process that started it.
#
# Usage: no-data.pl ADDRESSES PORT [VOLUME [TLS]]; addresses as in listen_addresses, * for all; TLS is a folder with tls.crt and tls.key,
# with which whoever asks for encryption is answered, by openssl
# Exit status: 0 ended, 1 cannot listen
use strict;
use warnings;
use File::Temp qw(tempdir);
use IO::Select;
use IO::Socket::IP;
use IO::Socket::UNIX;
use IPC::Open2 qw(open2);

use constant {
    SSL           => qr/\A\0\0\0\x08\x04\xd2\x16\x2f\z/,
    NO_ENCRYPTION => qr/\A\0\0\0\x08\x04\xd2\x16[\x2f\x30]\z/,    # SSLRequest and GSSENCRequest
    PATIENCE      => 5,                                            # seconds, for whoever says nothing
    CLIENTS       => 64,
};

my ( $addresses, $port, $volume, $tls ) = @ARGV;
my $answer  = 'no data here' . ( $volume ? ", volume $volume" : q{} );
my $fields  = join '', map { "$_\0" } 'SFATAL', 'VFATAL', 'C57P03', "M$answer", '';
my $refusal = 'E' . pack( 'N', 4 + length $fields ) . $fields;
my $parent  = getppid;
my ( %since, %child );

sub listener {
    my ($address) = @_;
    my %options = ( LocalPort => $port, Listen => 64, ReuseAddr => 1, V6Only => 0 );
    return IO::Socket::IP->new( LocalAddr => $address, %options ) if $address ne q{*};
    return IO::Socket::IP->new( LocalAddr => q{::}, %options ) || IO::Socket::IP->new( LocalAddr => '0.0.0.0', %options );
}

my @listeners = map { listener($_) || die "no-data.pl: $_ port $port: $@\n" } split /\s*,\s*/, $addresses;
my $select    = IO::Select->new(@listeners);
local $SIG{PIPE} = 'IGNORE';

# Between a client and an openssl that encrypts for one connection: what comes out of that is the client's first packet, what goes in the refusal.
sub answer_encrypted {
    my ($client) = @_;
    my ( $folder, $pid ) = tempdir( CLEANUP => 0 );
    local $SIG{ALRM} = sub {
        kill 'KILL', $pid if $pid;
        unlink "$folder/s";
        rmdir $folder;
        exit 0;
    };
    alarm PATIENCE;
    my @server = ( qw(openssl s_server -quiet -naccept 1 -unix), "$folder/s", '-cert', "$tls/tls.crt", '-cert_chain', "$tls/tls.crt", '-key', "$tls/tls.key" );
    $pid = open2( my $plain_out, my $plain_in, @server );
    binmode $_ for $plain_out, $plain_in;
    my $encrypted;
    until ( $encrypted = IO::Socket::UNIX->new( Peer => "$folder/s" ) ) {
        last unless kill 0, $pid;
        select undef, undef, undef, 0.01;
    }
    unlink "$folder/s";
    rmdir $folder;
    $client->blocking(1);
    syswrite $client, 'S' if $encrypted;
    my $ends = IO::Select->new( grep { defined } $client, $encrypted, $plain_out );
  WAIT: while ( $encrypted && ( my @ready = $ends->can_read(PATIENCE) ) ) {
        for my $end (@ready) {
            last WAIT unless sysread $end, my $bytes, 16_384;
            if    ( $end == $client )    { syswrite $encrypted, $bytes }
            elsif ( $end == $encrypted ) { syswrite $client,    $bytes }
            else                         { syswrite $plain_in,  $refusal }
        }
    }
    kill 'KILL', $pid;
    exit 0;
}

sub encrypt {
    my ($client) = @_;
    my $pid = fork;
    return unless defined $pid;
    if ( $pid == 0 ) {
        close $_ for @listeners;
        answer_encrypted($client);
    }
    $child{$pid} = 1;
}

sub answer {
    my ($client) = @_;
    my $size = sysread $client, my $request, 1024;
    if ( $size && $tls && $request =~ SSL ) {
        encrypt($client) if keys %child < CLIENTS;
    }
    elsif ( $size && $request =~ NO_ENCRYPTION ) {
        return if syswrite $client, 'N';
    }
    elsif ($size) {
        syswrite $client, $refusal;
    }
    forget($client);
}

sub forget {
    my ($client) = @_;
    delete $since{$client};
    $select->remove($client);
    close $client;
}

while ( getppid == $parent ) {
    for my $ready ( $select->can_read(1) ) {
        if ( grep { $_ == $ready } @listeners ) {
            my $client = $ready->accept or next;
            $client->blocking(0);
            $since{$client} = time;
            $select->add($client);
        }
        else {
            answer($ready);
        }
    }
    for my $client ( grep { exists $since{$_} } $select->handles ) {
        forget($client) if time - $since{$client} > PATIENCE || keys %since > CLIENTS;
    }
    while ( ( my $ended = waitpid -1, 1 ) > 0 ) { delete $child{$ended} }
}
