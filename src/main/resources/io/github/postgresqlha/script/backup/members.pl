#!/usr/bin/env perl
# Passes the tar archive of a base backup on, from its standard input to its standard output, as long as it is what pg_basebackup writes: files
# and folders with names below its own, and no more bytes in them than it may hold. Ends with 1 at the first other thing, and says what it is.
# Who can write where base backups are kept can put anything there: a link would lead out of the data directory whoever unpacks it.
# Usage: members.pl BYTES TABLESPACES; where there are any their links are left out, for who makes them anew
# Exit status: 0, or 1
use strict;
use warnings;

my ($most, $tablespaces) = @ARGV;
my $held = 0;
binmode STDIN;
binmode STDOUT;

sub refuse {
    my ($why) = @_;
    $why =~ s/[^ -~]/?/g;
    print STDERR "$why\n";
    exit 1;
}

sub take {
    my ($bytes) = @_;
    my $block = '';
    while (length $block < $bytes) {
        my $read = read STDIN, $block, $bytes - length $block, length $block;
        refuse('it ends in the middle') unless $read;
    }
    return $block;
}

# A size beyond 8 GB is binary.
sub size_of {
    my ($field) = @_;
    return oct $1 if $field =~ /^([0-7]{11})[ \0]\z/;
    return unpack 'Q>', substr $field, 4 if $field =~ /^\x80\0\0\0[\0-\x0f]/;
    return;
}

# Two programs that read one header in two ways would see two archives: what neither writes is refused.
while ((my $header = take(512)) =~ /[^\0]/) {
    my ($name) = $header =~ /^([^\0]{1,100})/;
    my $type = substr $header, 156, 1;
    my $size = size_of(substr $header, 124, 12);
    my ($sum) = substr($header, 148, 8) =~ /^([0-7]{6,7})[ \0]{1,2}\z/;
    (my $summed = $header) =~ s/^(.{148}).{8}/$1        /s;
    refuse('it is no tar archive, or a damaged one') unless defined $name && defined $size && defined $sum && oct $sum == unpack '%32C*', $summed;
    refuse("it holds $name, which is not below it") if $name =~ m{^/|(^|/)\.\.(/|\z)} || substr($header, 345, 155) =~ /[^\0]/;
    next if $tablespaces > 0 && $type eq '2' && $size == 0 && $name =~ m{^(\./)?pg_tblspc/[0-9]{1,10}\z};
    refuse("it holds $name, which is neither a file nor a folder") unless $type eq '0' && $name !~ m{/\z} || $type eq '5' && $size == 0;
    $held += $size;
    refuse("it holds more than the $most bytes that it may") if $held > $most;
    print $header or refuse('it cannot be written');
    for (my $left = $size + -$size % 512; $left > 0; $left -= 65536) {
        print take($left < 65536 ? $left : 65536) or refuse('it cannot be written');
    }
}
print "\0" x 1024;
# The blocks that fill it up; they are read so that who writes them does not fail.
my $after = 0;
while (my $read = read STDIN, my $rest, 65536) { refuse('it goes on after its end') if ($after += $read) > 1048576 }
