#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# package.pl IN OUT EDIT ...: copies a ZIP package member by member, with edits that no
# honest tool makes.  Members are stored, in their order, under exactly the names given.
#
#   flip NAME [AT]      turns one bit over (AT: byte from 0; default: in the middle)
#   digit NAME          turns one bit of its last digit over, so that it stays a digit
#   swap NAME OLD NEW   replaces the first OLD by NEW; it must be there
#   put NAME FILE       replaces the bytes of a member; the member must be there
#   add NAME FILE       adds a member behind the others, also under a name that is taken
#   drop NAME           leaves a member out
#   name OLD NEW        calls a member otherwise
#   last NAME           moves a member behind the others
#   encrypted NAME      marks a member as encrypted
#   bomb NAME MEGABYTES adds a packed member of so many zeroes
#   lie NAME SIZE       tells another size in the headers
use strict;
use warnings;
use Compress::Raw::Zlib;

my ($in, $out, @edits) = @ARGV;
my @members = grep { $_->{name} !~ m{/$} } read_package(slurp($in));

while (@edits) {
    my ($verb, $name) = (shift @edits, shift @edits);
    if ($verb eq 'add') {
        push @members, {name => $name, bytes => slurp(shift @edits)};
        next;
    } elsif ($verb eq 'bomb') {
        push @members, bomb($name, shift @edits);
        next;
    }
    my ($m) = grep { $_->{name} eq $name } @members or die "no member $name\n";
    if ($verb eq 'flip') {
        my $at = @edits && $edits[0] =~ /^\d+$/ ? shift @edits : length($m->{bytes}) >> 1;
        substr($m->{bytes}, $at, 1) ^= "\x01";
    } elsif ($verb eq 'digit') {
        $m->{bytes} =~ s/([0-8])([^0-8]*)\z/chr(ord($1) ^ 1) . $2/es or die "$name has no digit\n";
    } elsif ($verb eq 'swap') {
        my ($old, $new) = (shift @edits, shift @edits);
        my $at = index $m->{bytes}, $old;
        die "$name does not hold '$old'\n" if $at < 0;
        substr($m->{bytes}, $at, length $old) = $new;
    } elsif ($verb eq 'put') {
        $m->{bytes} = slurp(shift @edits);
    } elsif ($verb eq 'drop') {
        @members = grep { $_ != $m } @members;
    } elsif ($verb eq 'name') {
        $m->{name} = shift @edits;
    } elsif ($verb eq 'last') {
        @members = ((grep { $_ != $m } @members), $m);
    } elsif ($verb eq 'encrypted') {
        $m->{flags} = 1;
    } elsif ($verb eq 'lie') {
        $m->{size} = shift @edits;
    } else {
        die "no such edit: $verb\n";
    }
}
write_package($out, @members);

sub slurp
{
    my ($path) = @_;
    local $/;
    open my $f, '<:raw', $path or die "$path: $!\n";
    return <$f>;
}

sub bomb
{
    my ($name, $megabytes) = @_;
    my ($d) = Compress::Raw::Zlib::Deflate->new(-Level => 1, -WindowBits => -MAX_WBITS, -AppendOutput => 1);
    my $zeroes = "\0" x (1 << 20);
    my $crc = crc32('');
    my $packed = '';
    for (1 .. $megabytes) {
        $d->deflate($zeroes, $packed);
        $crc = crc32($zeroes, $crc);
    }
    $d->flush($packed);
    return {name => $name, packed => $packed, size => $megabytes << 20, crc => $crc};
}

sub read_package
{
    my ($zip) = @_;
    my $end = rindex $zip, "PK\5\6";
    die "no package\n" if $end < 0;
    my ($n, undef, $at) = unpack 'v V V', substr $zip, $end + 10;
    my @found;
    for (1 .. $n) {
        my ($method, $packed, $size, $name, $extra, $comment, $local) =
            (unpack 'V v v v v v v V V V v v v v v V V', substr $zip, $at, 46)[4, 8, 9, 10, 11, 12, 16];
        my $m = {name => substr $zip, $at + 46, $name};
        my ($n2, $x2) = unpack 'v v', substr $zip, $local + 26, 4;
        my $bytes = substr $zip, $local + 30 + $n2 + $x2, $packed;
        if ($method == 8) {
            my ($i) = Compress::Raw::Zlib::Inflate->new(-WindowBits => -MAX_WBITS);
            my $plain = '';
            $i->inflate($bytes, $plain) == Z_STREAM_END or die "$m->{name}: damaged\n";
            $bytes = $plain;
        }
        $m->{bytes} = $bytes;
        push @found, $m;
        $at += 46 + $name + $extra + $comment;
    }
    return @found;
}

sub write_package
{
    my ($path, @list) = @_;
    my ($body, $directory) = ('', '');
    for my $m (@list) {
        my $data = $m->{packed} // $m->{bytes};
        my $facts = pack 'v v v v v V V V v v', 20, ($m->{flags} // 0) | 0x800,
            defined $m->{packed} ? 8 : 0, 0, 0x21, $m->{crc} // crc32($data), length $data,
            $m->{size} // length $data, length $m->{name}, 0;
        $directory .= "PK\1\2" . pack('v', 20) . $facts . pack('v v v V V', 0, 0, 0, 0, length $body) . $m->{name};
        $body .= "PK\3\4$facts$m->{name}$data";
    }
    open my $f, '>:raw', $path or die "$path: $!\n";
    print $f $body, $directory, "PK\5\6",
        pack('v v v v V V v', 0, 0, scalar @list, scalar @list, length $directory, length $body, 0);
    close $f or die "$path: $!\n";
}
