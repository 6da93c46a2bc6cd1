#!/usr/bin/env perl
# Whether standard input is a whole segment of the write-ahead log, page by page: each says of which place it is, and of which timeline.
# An archive that mixes the log of two members has pages whose timeline did not write that place.
# Usage: pages.pl NUMBER SEGMENT_BYTES [HISTORY]; HISTORY: "TIMELINE BEGIN END" a line, in bytes. Prints what is wrong, nothing where nothing is
# Exit status: 0
use strict;
use warnings;

use constant PAGE => 8192;    # a page of the log; what is compiled in otherwise says so on the first page

my ($number, $size, $history) = @ARGV;
my @owners = map { [split] } grep { /\d/ } split /\n/, $history // '';
my ($bytes, $ended, $page) = (0, 0);
binmode STDIN;

sub wrong { print "@_"; while (read STDIN, $page, 1 << 20) { } exit 0 }

while ((my $read = read STDIN, $page, PAGE) > 0) {
    my $place = $number * $size + $bytes;
    $bytes += $read;
    wrong("it has more than $size bytes") if $bytes > $size;
    last if $read < PAGE;
    if ($bytes > PAGE && substr($page, 0, 24) eq "\0" x 24) { $ended = 1; next }    # behind the end of a segment that was switched
    my (undef, undef, $timeline, $address) = unpack 'v v V Q<', $page;
    wrong('its content belongs to another place') if $ended || $address != $place;
    my ($owner) = grep { $_->[1] <= $place && $place < $_->[2] } @owners;
    wrong("it holds log of timeline $timeline at a place of timeline $owner->[0]: two members' logs are mixed") if $owner && $owner->[0] != $timeline;
}
wrong("it has $bytes bytes instead of $size") if $bytes != $size;
