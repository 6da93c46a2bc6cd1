#!/usr/bin/env perl
# Answers for a server that has no data yet, at the port where that one will listen: whoever connects as a client of PostgreSQL is told
# "no data here", and the name of its volume. It ends with the process that started it.
#
# Usage: no-data.pl ADDRESSES PORT [VOLUME]; addresses as in listen_addresses, * for all
# Exit status: 0 ended, 1 cannot listen
use strict;
use warnings;
use IO::Select;
use IO::Socket::IP;

use constant {
    NO_ENCRYPTION => qr/\A\0\0\0\x08\x04\xd2\x16[\x2f\x30]\z/,    # SSLRequest and GSSENCRequest
    PATIENCE      => 5,                                            # seconds, for whoever says nothing
    CLIENTS       => 64,
};

my ( $addresses, $port, $volume ) = @ARGV;
my $answer  = 'no data here' . ( $volume ? ", volume $volume" : q{} );
my $fields  = join '', map { "$_\0" } 'SFATAL', 'VFATAL', 'C57P03', "M$answer", '';
my $refusal = 'E' . pack( 'N', 4 + length $fields ) . $fields;
my $parent  = getppid;
my %since;

sub listener {
    my ($address) = @_;
    my %options = ( LocalPort => $port, Listen => 64, ReuseAddr => 1, V6Only => 0 );
    return IO::Socket::IP->new( LocalAddr => $address, %options ) if $address ne q{*};
    return IO::Socket::IP->new( LocalAddr => q{::}, %options ) || IO::Socket::IP->new( LocalAddr => '0.0.0.0', %options );
}

my @listeners = map { listener($_) || die "no-data.pl: $_ port $port: $@\n" } split /\s*,\s*/, $addresses;
my $select    = IO::Select->new(@listeners);
local $SIG{PIPE} = 'IGNORE';

sub answer {
    my ($client) = @_;
    my $size = sysread $client, my $request, 1024;
    if ( $size && $request =~ NO_ENCRYPTION ) {
        return if syswrite $client, 'N';
    }
    syswrite $client, $refusal if $size;
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
}
