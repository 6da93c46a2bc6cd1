#!/usr/bin/env perl
# Whether the log in standard input, a segment and those that follow it, goes on behind a place where its records end: recovery takes what it cannot read for the
# end. A record of which not all has been received yet is no damage: it reaches as far as there are pages.
# Usage: behind.pl BEGIN END; the places where the segment begins and its records end, in bytes. Prints what is wrong, nothing where nothing is
# Exit status: 0
use strict;
use warnings;

use constant PAGE => 8192;    # a page of the log

my ($place, $end) = @ARGV;
my ($page, $gap, $left) = ('', 0);
binmode STDIN;

sub wrong { print "@_"; while (read STDIN, $page, 1 << 20) { } exit 0 }

while ((read STDIN, $page, PAGE) == PAGE) {
    my $begin = $place;
    $place += PAGE;
    next if $place <= $end;
    my (undef, $info, undef, $address, $continued) = unpack 'v v V Q< V', $page;
    if ($address != $begin) { $gap = 1; next }    # not written yet; what a segment held in its former life is of other places
    wrong('pages are missing there') if $gap;
    my $header = $info & 2 ? 40 : 24;
    if (!defined $left) {
        my $from = $end - $begin > $header ? $end - $begin : $header;
        my $rest = substr $page, $from;
        my $length = unpack 'V', $rest;
        if ($rest =~ /\A\0*\z/) { $left = 0; next }
        wrong('the next record is damaged') if $length <= length $rest;
        $left = $length - length $rest;
        next;
    }
    wrong('the next record is damaged') if !($info & 1) || $continued != $left || $left <= PAGE - $header;
    $left -= PAGE - $header;
}
