// The rules of AXI4-Stream. A source's valid, once high, waits for ready with the beat unchanged,
// and is low after a clock in reset. Assume 0 asserts that. 1 assumes it of a source that may be up
// before what it feeds, which must not be ready after a clock in reset.
module axi_stream_rules #(
  parameter DataBits = 8,
  parameter Assume   = 0
) (
  input wire                clk_i,
  input wire                rst_ni,
  input wire                valid_i,
  input wire                ready_i,
  input wire [DataBits-1:0] data_i,
  input wire                last_i
);

  reg              reset_q = 1'b0;
  reg              waits_q = 1'b0;
  reg [DataBits:0] beat_q;

  always @(posedge clk_i) begin
    reset_q <= !rst_ni;
    waits_q <= rst_ni && valid_i && !ready_i;
    beat_q  <= {data_i, last_i};
  end

  wire quiet   = !(reset_q && valid_i);
  wire patient = !(waits_q && !valid_i);
  wire steady  = !(waits_q && {data_i, last_i} != beat_q);

  generate
    if (Assume) begin : gen_assume
      always @* assume (patient && steady);

      always @(posedge clk_i) begin
        refuses_in_reset: assert (!(reset_q && ready_i));
      end
    end else begin : gen_assert
      always @(posedge clk_i) begin
        quiet_in_reset: assert (quiet);
        valid_waits:    assert (patient);
        beat_is_steady: assert (steady);
        stalled:        cover (waits_q && ready_i);
      end
    end
  endgenerate

endmodule
