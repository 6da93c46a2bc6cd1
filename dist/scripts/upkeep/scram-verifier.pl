#!/usr/bin/env perl
# Makes the SCRAM-SHA-256 verifier that PostgreSQL stores for a password (RFC 5802 and RFC 7677), so that no password has to be sent
# to the server or can reach its log.
#
# Standard input: a line with the role's present verifier, or an empty line; then the password.
# Standard output: the verifier. Where the present one fits the password it is printed as it is, so a caller sees that nothing changed.
# Its role may have set it, so one of more than 99999 iterations is not computed, and fits nothing.
# Exit status: 0 done, 64 no password, or one that no passfile can hold
use strict;
use warnings;
use Digest::SHA qw(hmac_sha256 sha256);
use Encode qw(decode encode FB_CROAK);
use MIME::Base64 qw(decode_base64 encode_base64);
use Unicode::Normalize qw(NFKC);

use constant ITERATIONS => 4096;    # PostgreSQL's scram_iterations
use constant SALT_BYTES => 16;

# As libpq prepares a password: SASLprep where it is UTF-8, else its bytes as they are.
sub prepare {
    my ($bytes) = @_;
    return $bytes if $bytes !~ /[^\x00-\x7f]/;
    my $text = eval { decode( 'UTF-8', $bytes, FB_CROAK ) };
    return $bytes if !defined $text;
    $text =~ s/[\x{00A0}\x{1680}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]/ /g;                                        # non-ASCII spaces
    $text =~ s/[\x{00AD}\x{034F}\x{1806}\x{180B}-\x{180D}\x{200B}-\x{200D}\x{2060}\x{FE00}-\x{FE0F}\x{FEFF}]//g;    # mapped to nothing
    return encode( 'UTF-8', NFKC($text) );
}

# PBKDF2 with one block.
sub salted {
    my ( $password, $salt, $iterations ) = @_;
    my $block  = hmac_sha256( $salt . pack( 'N', 1 ), $password );
    my $result = $block;
    for ( 2 .. $iterations ) {
        $block = hmac_sha256( $block, $password );
        $result ^= $block;
    }
    return $result;
}

sub verifier {
    my ( $password, $salt, $iterations ) = @_;
    my $salted = salted( $password, $salt, $iterations );
    my $stored = sha256( hmac_sha256( 'Client Key', $salted ) );
    my $server = hmac_sha256( 'Server Key', $salted );
    my ( $salt64, $stored64, $server64 ) = map { encode_base64( $_, '' ) } $salt, $stored, $server;
    return "SCRAM-SHA-256\$$iterations:$salt64\$$stored64:$server64";
}

sub random_salt {
    open my $source, '<:raw', '/dev/urandom' or die "cannot read /dev/urandom: $!\n";
    read( $source, my $salt, SALT_BYTES ) == SALT_BYTES or die "cannot read /dev/urandom: $!\n";
    close $source;
    return $salt;
}

binmode STDIN;
my $present = <STDIN> // '';
chomp $present;
my $password = do { local $/ = undef; <STDIN> } // '';
$password =~ s/\n+\z//;    # as the shell's $(<file), which fills the clients' passfile
if ( $password eq '' ) {
    print STDERR "upkeep/scram-verifier.pl: no password on standard input\n";
    exit 64;
}
if ( $password =~ /[\r\n\0]/ ) {    # no passfile could hold it
    print STDERR "upkeep/scram-verifier.pl: a password holds a line break, a carriage return or a NUL\n";
    exit 64;
}
$password = prepare($password);
my $fits = $present =~ /^SCRAM-SHA-256\$([1-9][0-9]{0,4}):([A-Za-z0-9+\/]{4,88}={0,2})\$/ && verifier( $password, decode_base64($2), $1 ) eq $present;
print $fits ? $present : verifier( $password, random_salt(), ITERATIONS ), "\n";
