//! Languages of the families of Pascal and Fortran, of hardware and of machines.

use super::super::language::{Calls, Capitals, Comment, Language, PLAIN, words};
use super::Class::{Attribute, Constant, Function, Keyword, Type, Variable};
use super::{CHARACTER, DOUBLE, DOUBLED, MARKS, SINGLE, SINGLE_DOUBLED, SLASHES};

pub(in super::super) static PASCAL: Language = Language {
    comments: &[Comment::Line("//"), Comment::Block("{", "}"), Comment::Block("(*", "*)")],
    quotes: &[SINGLE_DOUBLED],
    words: &[
        (
            Keyword,
            words![
                and array as asm begin case class const constructor destructor div do downto else end except exports
                external file finalization finally for forward function goto if implementation in inherited
                initialization inline interface is label library mod not object of on operator or out overload
                override packed private procedure program property protected public published raise record repeat set
                shl shr then threadvar to try type unit until uses var virtual while with xor
            ],
        ),
        (
            Type,
            words![
                boolean byte cardinal char double extended int64 integer longint pointer real shortint single smallint
                string word
            ],
        ),
        (Constant, words![false nil self true]),
    ],
    folds_case: true,
    sigils: &[("$", Constant), ("#", Constant)],
    calls: Calls::Before,
    definitions: &[("function", Function), ("procedure", Function), ("program", Type), ("unit", Type)],
    has_parameters: true,
    operators: b"+-*/=<>:@^",
    ..PLAIN
};

pub(in super::super) static ADA: Language = Language {
    comments: &[Comment::Line("--")],
    quotes: &[DOUBLED, CHARACTER],
    words: &[
        (
            Keyword,
            words![
                abort abs abstract accept access aliased all and array at begin body case constant declare delay delta
                digits do else elsif end entry exception exit for function generic goto if in interface is limited
                loop mod new not of or others out overriding package pragma private procedure protected raise range
                record rem renames requeue return reverse select separate some subtype synchronized tagged task
                terminate then type until use when while with xor
            ],
        ),
        (Type, words![boolean character duration float integer natural positive string]),
        (Constant, words![false null true]),
    ],
    folds_case: true,
    definitions: &[("function", Function), ("procedure", Function), ("package", Type), ("type", Type)],
    has_parameters: true,
    operators: b"+-*/=<>&:",
    ..PLAIN
};

pub(in super::super) static FORTRAN: Language = Language { comments: &[Comment::Line("!")], ..FIXED_FORTRAN_BASE };

pub(in super::super) static FIXED_FORTRAN: Language = FIXED_FORTRAN_BASE;

const FIXED_FORTRAN_BASE: Language = Language {
    comments: &[Comment::Line("!"), Comment::First("c"), Comment::First("*")],
    quotes: &[DOUBLED, SINGLE_DOUBLED],
    words: &[
        (
            Keyword,
            words![
                abstract allocatable allocate associate block call case class close common contains continue cycle
                data deallocate dimension do elemental else elseif elsewhere end enddo endfunction endif endmodule
                endprogram endsubroutine exit external forall format function goto if implicit import in include inout
                inquire intent interface intrinsic kind module none nullify only open operator optional out parameter
                pointer print private procedure program public pure read recursive result return rewind save select
                stop subroutine target then type use value where while write
            ],
        ),
        (Type, words![character complex double integer logical precision real]),
        (
            Function,
            words![
                abs allocated cos dot_product exp len log matmul max maxval min minval mod present reshape shape sin
                size sqrt sum transpose trim
            ],
        ),
    ],
    folds_case: true,
    definitions: &[("program", Type), ("module", Type), ("subroutine", Function), ("function", Function)],
    operators: b"+-*/=<>:%",
    ..PLAIN
};

pub(in super::super) static MATLAB: Language = Language {
    comments: &[Comment::Block("%{", "%}"), Comment::Line("%"), Comment::Apart("#")],
    quotes: &[DOUBLED, SINGLE_DOUBLED.apart()],
    words: &[
        (
            Keyword,
            words![
                arguments break case catch classdef continue do else elseif end endfor endfunction endif endwhile
                enumeration events for function global if methods otherwise parfor persistent properties return spmd
                switch try until while
            ],
        ),
        (Constant, words![Inf NaN ans eps false i inf j nan pi true]),
        (Function, words![clc clear close disp figure fprintf grid hold legend plot printf]),
    ],
    calls: Calls::Before,
    definitions: &[("classdef", Type)],
    operators: b"+-*/=<>&|^~:@\\",
    ..PLAIN
};

pub(in super::super) static VERILOG: Language = Language {
    comments: SLASHES,
    quotes: &[DOUBLE],
    words: &[
        (
            Keyword,
            words![
                alias always always_comb always_ff always_latch and assert assign assume automatic before begin bind
                break buf case casex casez class clocking const constraint continue cover covergroup coverpoint
                deassign default defparam disable do edge else end endcase endclass endclocking endfunction
                endgenerate endinterface endmodule endpackage endproperty endtask enum export extends extern final for
                force foreach forever fork forkjoin function generate genvar if iff import initial inout input inside
                interface join local localparam macromodule modport module nand negedge new nor not or output package
                packed parameter posedge priority program property protected pure rand ref release repeat return
                sequence solve static struct super tagged task this throughout timeprecision timeunit type typedef
                union unique virtual wait while with xnor xor
            ],
        ),
        (
            Type,
            words![
                bit byte chandle event int integer logic longint real realtime reg shortint shortreal signed string
                supply0 supply1 time tri unsigned void wire
            ],
        ),
    ],
    sigils: &[("`", Keyword), ("$", Function)],
    calls: Calls::Before,
    definitions: &[("module", Type), ("class", Type), ("interface", Type), ("package", Type), ("task", Function)],
    in_words: b"'$",
    operators: b"+-*/%=<>!&|^~?@#",
    ..PLAIN
};

pub(in super::super) static VHDL: Language = Language {
    comments: &[Comment::Line("--"), Comment::Block("/*", "*/")],
    quotes: &[DOUBLED, CHARACTER],
    words: &[
        (
            Keyword,
            words![
                abs access after alias all and architecture array assert attribute begin block body buffer bus case
                component configuration constant disconnect downto else elsif end entity exit file for function
                generate generic group guarded if impure in inertial inout is label library linkage literal loop map
                mod nand new next nor not null of on open or others out package port postponed procedure process
                protected pure range record register reject rem report return rol ror select severity shared signal
                sla sll sra srl subtype then to transport type unaffected units until use variable wait when while
                with xnor xor
            ],
        ),
        (
            Type,
            words![
                bit bit_vector boolean character integer natural positive real signed std_logic std_logic_vector
                std_ulogic string time unsigned
            ],
        ),
        (Constant, words![false true]),
    ],
    folds_case: true,
    calls: Calls::Before,
    definitions: &[
        ("entity", Type),
        ("architecture", Type),
        ("component", Type),
        ("function", Function),
        ("procedure", Function),
    ],
    operators: b"+-*/=<>&:",
    ..PLAIN
};

/// For any machine: what comes first on its line is an instruction, a label has a colon.
pub(in super::super) static ASSEMBLY: Language = Language {
    comments: &[
        Comment::Line(";"),
        Comment::Line("//"),
        Comment::Block("/*", "*/"),
        Comment::Apart("#"),
        Comment::Apart("@ "),
        Comment::First("#"),
    ],
    quotes: &[DOUBLE, SINGLE],
    words: &[
        (
            Variable,
            words![
                ah al ax bh bl bp bx ch cl cs cx dh di dl ds dx eax ebp ebx ecx edi edx es esi esp fp fs gs lr pc r0
                r1 r10 r11 r12 r13 r14 r15 r2 r3 r4 r5 r6 r7 r8 r9 rax rbp rbx rcx rdi rdx rip rsi rsp si sp ss w0 w1
                w2 x0 x1 x2 x3 x4 x5 x6 x7 x8 xmm0 xmm1 xmm2 xzr
            ],
        ),
        (
            Keyword,
            words![
                bits byte db dd default dq dw dword equ extern extrn global offset proc ptr public qword resb resd
                resq resw section segment times word
            ],
        ),
    ],
    folds_case: true,
    sigils: &[("%", Variable), ("$", Constant), (".", Keyword), ("#", Constant)],
    first: Some(Function),
    key: b':',
    ..PLAIN
};

pub(in super::super) static LLVM: Language = Language {
    comments: &[Comment::Line(";")],
    quotes: &[DOUBLE],
    words: &[
        (
            Keyword,
            words![
                add align alloca and ashr attributes bitcast br call constant datalayout declare define dso_local
                extractvalue fadd fcmp fdiv fmul fsub getelementptr global icmp inbounds insertvalue internal inttoptr
                invoke label load local_unnamed_addr lshr mul nocapture noundef nounwind nsw null nuw or personality
                phi private ptrtoint ret sdiv select sext shl srem store sub switch tail target triple trunc udiv
                undef unnamed_addr unreachable urem xor zeroext zext
            ],
        ),
        (Type, words![double float half i1 i128 i16 i32 i64 i8 ptr void x]),
        (Constant, words![false true zeroinitializer]),
    ],
    in_words: b".",
    sigils: &[("%", Variable), ("@", Function), ("!", Attribute), ("#", Attribute)],
    operators: b"=*",
    ..PLAIN
};

pub(in super::super) static COLDFUSION: Language = Language {
    comments: SLASHES,
    quotes: &[DOUBLED, SINGLE_DOUBLED],
    words: &[
        (
            Keyword,
            words![
                abstract break case catch component continue default do else extends final finally for function if
                import in include interface new package private property public remote required return static switch
                throw transaction try var while
            ],
        ),
        (Type, words![any array boolean date numeric query string struct void xml]),
        (Constant, words![application arguments false form null request session this true url variables]),
    ],
    folds_case: true,
    calls: Calls::Before,
    capitals: Capitals::Plain,
    definitions: &[("function", Function)],
    operators: MARKS,
    ..PLAIN
};
